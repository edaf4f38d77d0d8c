//! What the templates and the documentation promise, each scenario a test.

mod templates {
    grieta::scenarios!("process-templates/**/*.test.yaml");
}

mod docs {
    grieta::scenarios!("docs/*.test.yaml");
}
