//! Scores, probabilities, and the greatest of some values.

/// Converts scores to probabilities that sum to one.
pub(crate) fn probabilities<const N: usize>(mut scores: [f32; N]) -> [f32; N] {
    softmax_in_place(&mut scores);
    scores
}

/// Converts scores to probabilities that sum to one.
pub(crate) fn softmax(scores: &[f32]) -> Vec<f32> {
    let mut odds = scores.to_vec();
    softmax_in_place(&mut odds);
    odds
}

fn softmax_in_place(scores: &mut [f32]) {
    let largest = scores.iter().fold(f32::MIN, |a, &b| a.max(b));
    for score in &mut *scores {
        *score = libm::expf(*score - largest);
    }
    let sum: f32 = scores.iter().sum();
    for odds in scores {
        *odds /= sum;
    }
}

/// The place of the greatest value, and of the first one of several; 0 if there are none.
pub(crate) fn greatest(values: &[f32]) -> usize {
    (0..values.len()).fold(0, |a, b| if values[b] > values[a] { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_keep_the_order_of_scores_and_sum_to_one() {
        let p = probabilities([1.0, 3.0, 2.0]);
        assert!(p[1] > p[2] && p[2] > p[0]);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert_eq!(softmax(&[1.0, 3.0, 2.0]), p);
        // Large scores do not overflow.
        assert_eq!(softmax(&[1e30, 1e30]), [0.5, 0.5]);
    }

    #[test]
    fn the_first_of_several_greatest_values_counts() {
        assert_eq!(greatest(&[1.0, 3.0, 3.0]), 1);
        assert_eq!(greatest(&[]), 0);
    }
}
