//! Keys and values of one generation, kept in pages so that growing never copies what is there.

use super::hyper::Hyper;

const PAGE_POSITIONS: usize = 64;

/// What a generation remembers of its tokens so far.
pub(crate) struct Cache {
    layers: Vec<Layer>,
    positions: usize,
}

/// Keys and values of one layer.
pub(crate) struct Layer {
    pub(crate) keys: Pages,
    pub(crate) values: Pages,
}

/// Rows of equal width, appended one by one.
pub(crate) struct Pages {
    pages: Vec<Vec<f32>>,
    width: usize,
}

impl Cache {
    /// An empty cache; allocates page by page.
    pub(crate) fn new(hyper: &Hyper) -> Self {
        let layer = || Layer { keys: Pages::new(hyper.kv_width()), values: Pages::new(hyper.kv_width()) };
        Self { layers: (0..hyper.layers).map(|_| layer()).collect(), positions: 0 }
    }

    /// Tokens that it holds.
    pub(crate) fn positions(&self) -> usize {
        self.positions
    }

    pub(super) fn layer(&mut self, layer: usize) -> &mut Layer {
        &mut self.layers[layer]
    }

    /// Counts tokens whose keys and values every layer has got.
    pub(super) fn advance(&mut self, tokens: usize) {
        self.positions += tokens;
    }
}

impl Pages {
    fn new(width: usize) -> Self {
        Self { pages: Vec::new(), width }
    }

    pub(super) fn push(&mut self, row: &[f32]) {
        debug_assert_eq!(row.len(), self.width);
        let full = PAGE_POSITIONS * self.width;
        match self.pages.last_mut() {
            Some(page) if page.len() < full => page.extend_from_slice(row),
            _ => {
                let mut page = Vec::with_capacity(full);
                page.extend_from_slice(row);
                self.pages.push(page);
            }
        }
    }

    /// The rows, oldest first.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.pages.iter().flat_map(|page| page.chunks_exact(self.width))
    }
}
