//! A real sentence encoder against figures that were recorded with the same model elsewhere.
//! Needs `SIGMA_MINILM` (a directory with all-MiniLM-L6-v2) and the transcripts.

use serde_json::Value;
use sigma_text::{Embedder as _, Embedding, LocalEmbedder};
use std::{fs, path::PathBuf};

/// Differences that rounding of the recorded figures and of the machine may cause.
const TOLERANCE: f64 = 1e-3;

fn transcripts() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let data = std::env::var_os("SIGMA_DATA").map_or_else(beside, PathBuf::from);
    Some(data.join("transcripts")).filter(|directory| directory.is_dir())
}

#[test]
fn the_full_model_reproduces_the_recorded_similarities() {
    let (Some(model), Some(data)) = (std::env::var_os("SIGMA_MINILM"), transcripts()) else {
        println!("SKIPPED: set SIGMA_MINILM to a directory with all-MiniLM-L6-v2, and SIGMA_DATA");
        return;
    };
    let model = LocalEmbedder::open(&PathBuf::from(model)).unwrap();
    assert_eq!(model.info().dimensions, 384);
    let mut files: Vec<_> = fs::read_dir(data)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    let (mut checked, mut apart, mut worst) = (0, 0, 0.0_f64);
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !(name.starts_with("james-") && name.contains("-sigma")) {
            continue;
        }
        let dialogue: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let mut before: Option<Option<Embedding>> = None;
        for cycle in dialogue["cycles"].as_array().unwrap() {
            let now = model.embed(cycle["response"].as_str().unwrap()).ok();
            let recorded = cycle["recorded_semantic_similarity"].as_f64();
            match (before.replace(now.clone()), now, recorded) {
                (Some(Some(before)), Some(now), Some(recorded)) => {
                    let difference = (before.cosine(&now) - recorded).abs();
                    assert!(
                        difference < TOLERANCE,
                        "{name} cycle {}: {difference}",
                        cycle["cycle"]
                    );
                    worst = worst.max(difference);
                    checked += 1;
                }
                (Some(_), _, _) => apart += 1,
                (None, _, _) => {}
            }
        }
    }
    println!("{checked} cycles agree, at worst by {worst:.6}; {apart} beside an empty answer");
    assert!(checked > 200);
}
