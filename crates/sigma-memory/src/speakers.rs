//! Who said what in a cycle: what keeps recall within the bounds of participants (`SRIP-13 §XIV`).

use sigma_types::{Cycle, Speaker};

use crate::Memory;

impl Memory {
    /// What the user's side said in a cycle, and who said it where several take part.
    pub fn said_by_user(&self, cycle: Cycle) -> Option<(Option<&str>, &str)> {
        let (mut from, mut to) = (0, self.marks.len());
        // frames stand in the order of their cycles
        while from < to {
            let middle = from + (to - from) / 2;
            if self.marks.mark(middle as u32).cycle < cycle {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        (from..self.marks.len())
            .map(|frame| (frame as u32, self.marks.mark(frame as u32)))
            .take_while(|(_, mark)| mark.cycle == cycle)
            .find(|(_, mark)| mark.speaker == Speaker::User)
            .map(|(frame, mark)| {
                let text: &str = &self.bodies.body(frame).text;
                (self.participants.name(mark.participant), text)
            })
    }
}
