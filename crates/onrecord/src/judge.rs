//! The trained judge that resolves sources: it turns the evidence for each candidate into probabilities.
//!
//! A network with one hidden layer scores every candidate by its features, and the scores of a source's candidates
//! together are converted to probabilities. `training/judge.py` trains it on annotated articles that the encoder did
//! not see, and the model file stores it beside the encoder's weights.

use onrecord_encoder::ModelError;
use serde::Deserialize;

use crate::odds::softmax;

/// A trained judge.
#[derive(Clone, Debug)]
pub(crate) struct Judge {
    /// One weight for each hidden unit, for each feature: the units are summed side by side.
    hidden: Vec<Vec<f32>>,
    bias: Vec<f32>,
    out: Vec<f32>,
}

/// A judge as the model file stores it.
#[derive(Deserialize)]
struct Stored {
    features: Vec<String>,
    hidden: Vec<Vec<f32>>,
    bias: Vec<f32>,
    out: Vec<f32>,
}

impl Judge {
    /// Reads a judge of these features. Features that were added after it was trained get no weight.
    ///
    /// # Errors
    ///
    /// If it is not a JSON object with `features`, `hidden`, `bias` and `out`, if it expects a feature that is not
    /// among these, or if its sizes do not match each other.
    pub(crate) fn parse(json: &str, features: &[&str]) -> Result<Self, ModelError> {
        let stored: Stored = serde_json::from_str(json)
            .map_err(|e| ModelError::new(format!("its judge of speakers is damaged: {e}")))?;
        if let Some(unknown) = stored.features.iter().find(|name| !features.contains(&name.as_str())) {
            return Err(ModelError::new(format!(
                "its judge of speakers asks for “{unknown}”, which the engine does not know"
            )));
        }
        let units = stored.hidden.len();
        if stored.bias.len() != units
            || stored.out.len() != units
            || stored.hidden.iter().any(|row| row.len() != stored.features.len())
        {
            return Err(ModelError::new("the sizes of its judge of speakers do not fit"));
        }
        let weights = |feature: &&str| match stored.features.iter().position(|name| name == feature) {
            Some(n) => stored.hidden.iter().map(|row| row[n]).collect(),
            None => vec![0.0; units],
        };
        let hidden = features.iter().map(weights).collect();
        Ok(Self { hidden, bias: stored.bias, out: stored.out })
    }

    /// The probability of each candidate given its features; they sum to one.
    pub(crate) fn probabilities<const N: usize>(&self, candidates: &[[f32; N]]) -> Vec<f32> {
        let scores: Vec<f32> = candidates.iter().map(|features| self.score(features)).collect();
        softmax(&scores)
    }

    fn score(&self, features: &[f32]) -> f32 {
        let mut sums = self.bias.clone();
        // Most features of a candidate are absent.
        for (weights, value) in self.hidden.iter().zip(features).filter(|&(_, &value)| value != 0.0) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
        sums.iter().zip(&self.out).fold(0.0, |score, (sum, out)| score + out * sum.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUDGE: &str =
        r#"{"features": ["near", "far"], "hidden": [[1, 0], [0, 1]], "bias": [0, -0.5], "out": [2, 1]}"#;

    #[test]
    fn more_evidence_makes_a_candidate_likelier_and_all_sum_to_one() {
        let judge = Judge::parse(JUDGE, &["near", "far"]).unwrap();
        let p = judge.probabilities(&[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]);
        assert!(p[0] > p[1] && p[1] > p[2]);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_judge_that_asks_for_what_is_not_there_is_refused_with_its_name() {
        let error = Judge::parse(JUDGE, &["near", "wide"]).unwrap_err().to_string();
        assert!(error.contains("asks for “far”"), "{error}");
        let uneven = r#"{"features": ["near", "far"], "hidden": [[1]], "bias": [0], "out": [2]}"#;
        assert!(Judge::parse(uneven, &["near", "far"]).is_err());
        assert!(Judge::parse("{", &[]).is_err());
    }

    #[test]
    fn features_are_known_by_name_and_new_ones_weigh_nothing() {
        let judge = Judge::parse(JUDGE, &["new", "far", "near"]).unwrap();
        let p = judge.probabilities(&[[0.0, 0.0, 1.0], [5.0, 0.0, 1.0], [0.0, 0.0, 0.0]]);
        assert_eq!(p[0], p[1]);
        assert!(p[0] > p[2]);
    }
}
