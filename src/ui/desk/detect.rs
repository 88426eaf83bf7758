//! Sessions among what is pasted, dropped, opened, and in the address.

use crate::session::is_session;
use crate::session::link::is_link;
use crate::ui::body::Body;
use crate::ui::desk::message::{DeskMsg, Origin, Packet};
use crate::ui::state::{Msg, NewPiece, Refusal};

/// Bytes at the start of a text that tell whether it is a session.
const HEAD_BYTES: usize = 400;

/// The session in a pasted address, or in what stands behind its `#`.
pub fn link_in(text: &str) -> Option<&str> {
    let text = text.trim();
    let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
    let is_word = !text.contains(char::is_whitespace);
    (is_word && is_link(fragment)).then_some(fragment)
}

/// What to do with new texts: a session takes the place of everything, so nothing is opened with it.
pub async fn sort(pieces: Vec<NewPiece>, mut refused: Vec<Refusal>) -> Msg {
    let mut session = None;
    let mut others = Vec::new();
    for piece in pieces {
        let packet = match &piece.body {
            Body::Text(text) => link_in(text).map(|link| (Origin::Link, Body::from_text(link))),
            Body::Held(_) => None,
        };
        let packet = match packet {
            None if is_session(&piece.body.head(HEAD_BYTES).await) => {
                let name = piece.name.clone().unwrap_or_else(|| "from a paste".to_owned());
                Some((Origin::File(name), piece.body.clone()))
            }
            packet => packet,
        };
        match packet {
            Some((origin, body)) if session.is_none() => session = Some(Packet { origin, body }),
            _ => others.push(piece),
        }
    }
    let Some(session) = session else { return Msg::Add(others, refused) };
    refused.extend(others.into_iter().map(|piece| {
        Refusal {
        name: piece.name.unwrap_or_else(|| "A text".to_owned()),
        why: "a session was opened, and it takes the place of everything. Open this again to add it"
            .to_owned(),
    }
    }));
    Msg::Desk(DeskMsg::Open(session, refused))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_told_from_sql() {
        assert_eq!(link_in(" file:///sargable.html#s1.AbC \n"), Some("s1.AbC"));
        assert_eq!(link_in("s12.AbC"), Some("s12.AbC"));
        assert_eq!(link_in("select s1.a from s1"), None);
        assert_eq!(link_in("sx.a"), None);
        assert_eq!(link_in("#results"), None);
        assert!(is_session("{\n \"format\": \"sargable-session/1\", \"pieces\": []}"));
        assert!(!is_session("[{\"Plan\": {}}]"));
    }
}
