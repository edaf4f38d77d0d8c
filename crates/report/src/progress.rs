//! A progress bar that shows itself only when a run takes longer than a second and somebody is looking.

use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What takes less is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on the standard error, as long as it is a terminal. Gone when dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    over: Option<Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Progress {
    /// A bar for a run that is described so, hidden for a second.
    pub fn new(what: &str) -> Progress {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(what.to_owned());
        let style = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len} {elapsed}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let (over, wait) = mpsc::channel();
        let shown = bar.clone();
        let waiting = thread::spawn(move || {
            if wait.recv_timeout(PATIENCE).is_err_and(|error| error == mpsc::RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Progress { bar, over: Some(over), waiting: Some(waiting) }
    }

    /// So many of so many are done. Those who work beside each other may tell it in any order.
    pub fn done(&self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done.max(self.bar.position()));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(waiting) = self.waiting.take() {
            // It only sleeps; there is nothing to learn from its result.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}
