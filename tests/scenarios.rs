//! What the templates promise, each scenario a test.

grieta::scenarios!("process-templates/**/*.test.yaml");
