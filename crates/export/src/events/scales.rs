//! Scores and codes of types on scales that others use.

use onrecord_text::EventType;

/// Returns the score of a type on Goldstein's scale of conflict and cooperation (Goldstein 1992), from −10 to 10.
///
/// It is the score of the CAMEO root that [`cameo_root`] returns: an average over what the root covers.
#[must_use]
pub fn goldstein(kind: EventType) -> f64 {
    match kind {
        EventType::Agree => 4.0,
        EventType::Consult => 1.0,
        EventType::Support => 3.5,
        EventType::Cooperate => 6.0,
        EventType::Aid => 7.0,
        EventType::Yield => 5.0,
        EventType::Request => 3.0,
        EventType::Accuse => -2.0,
        EventType::Reject => -4.0,
        EventType::Threaten => -6.0,
        EventType::Protest => -6.5,
        EventType::Sanction => -4.0,
        EventType::Mobilize => -7.2,
        EventType::Coerce => -7.0,
        EventType::Assault => -9.0,
    }
}

/// Returns the CAMEO root code that corresponds to a PLOVER type.
///
/// If there are several, it is the broadest: REQUEST combines appeals (02) and demands (10), ACCUSE investigations (09)
/// and disapproval (11), ASSAULT assaults (18), fights (19) and mass violence (20).
#[must_use]
pub fn cameo_root(kind: EventType) -> &'static str {
    match kind {
        EventType::Agree => "03",
        EventType::Consult => "04",
        EventType::Support => "05",
        EventType::Cooperate => "06",
        EventType::Aid => "07",
        EventType::Yield => "08",
        EventType::Request => "02",
        EventType::Accuse => "11",
        EventType::Reject => "12",
        EventType::Threaten => "13",
        EventType::Protest => "14",
        EventType::Mobilize => "15",
        EventType::Sanction => "16",
        EventType::Coerce => "17",
        EventType::Assault => "18",
    }
}

/// Returns GDELT's quad class of the type's CAMEO root: 1 verbal cooperation (01–05), 2 material cooperation (06–09), 3
/// verbal conflict (10–13), 4 material conflict (14–20).
///
/// For REQUEST, it differs from PLOVER's class.
pub(super) fn gdelt_quad(kind: EventType) -> &'static str {
    match cameo_root(kind) {
        "02" | "03" | "04" | "05" => "1",
        "06" | "07" | "08" => "2",
        "11" | "12" | "13" => "3",
        _ => "4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_root_of_the_same_sign_as_its_score() {
        for kind in EventType::ALL {
            let conflict = matches!(gdelt_quad(kind), "3" | "4");
            assert_eq!(goldstein(kind) < 0.0, conflict, "{}", kind.name());
        }
    }

    #[test]
    fn every_type_has_its_score_its_root_and_its_quad_class() {
        for (kind, score, root, quad) in [
            (EventType::Agree, 4.0, "03", "1"),
            (EventType::Consult, 1.0, "04", "1"),
            (EventType::Support, 3.5, "05", "1"),
            (EventType::Cooperate, 6.0, "06", "2"),
            (EventType::Aid, 7.0, "07", "2"),
            (EventType::Yield, 5.0, "08", "2"),
            (EventType::Request, 3.0, "02", "1"),
            (EventType::Accuse, -2.0, "11", "3"),
            (EventType::Reject, -4.0, "12", "3"),
            (EventType::Threaten, -6.0, "13", "3"),
            (EventType::Protest, -6.5, "14", "4"),
            (EventType::Mobilize, -7.2, "15", "4"),
            (EventType::Sanction, -4.0, "16", "4"),
            (EventType::Coerce, -7.0, "17", "4"),
            (EventType::Assault, -9.0, "18", "4"),
        ] {
            assert_eq!((goldstein(kind), cameo_root(kind), gdelt_quad(kind)), (score, root, quad), "{kind}");
        }
    }
}
