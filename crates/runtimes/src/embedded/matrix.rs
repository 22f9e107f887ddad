//! A weight matrix that stays quantized, and its product with a few input rows.
//!
//! The arithmetic is candle's (`GgmlType::vec_dot`, which picks AVX2 or NEON when it runs). What is ours is who
//! computes: candle's own product hands every call to a process-wide pool of spinning threads, one per core,
//! which would take the cores from the threads that carry the streams. So the formats that can be rebuilt
//! without loss ([`Rows`]) are multiplied here, on the engine's own threads, in an order that does not depend on
//! their number. The others ([`Pooled`]: K-quants and the `_1` formats) go through candle's pool, which takes
//! its size from `CANDLE_NUM_THREADS`.

use std::borrow::Cow;

use candle_core::quantized::k_quants::{BlockQ4_0, BlockQ8_0};
use candle_core::quantized::{GgmlDType, GgmlType, QuantizedType};
use candle_core::{CpuStorage, DType, Device, Result, Storage, Tensor};
use rayon::prelude::*;

use super::gguf::RawTensor;

/// Rows that are rebuilt or computed as one piece of work.
const ROWS_PER_PIECE: usize = 64;

/// A matrix of weights: one row per output.
pub(crate) trait Matrix: Send + Sync {
    /// Writes `output[r][o] = input[r] · weights[o]` for every row of the input.
    fn multiply(&self, input: &[f32], output: &mut [f32]) -> Result<()>;

    /// Writes one row of the weights as plain numbers.
    fn row(&self, index: u32, output: &mut [f32]) -> Result<()>;
}

/// Builds the matrix that suits the tensor's format. The tensor has two dimensions.
pub(crate) fn from_raw(raw: RawTensor) -> Result<Box<dyn Matrix>> {
    let (outputs, inputs) = (raw.shape[0], raw.shape[1]);
    let plain = match raw.dtype {
        GgmlDType::F32 => Some(DType::F32),
        GgmlDType::F16 => Some(DType::F16),
        GgmlDType::BF16 => Some(DType::BF16),
        _ => None,
    };
    if let Some(dtype) = plain {
        let tensor = Tensor::from_raw_buffer(&raw.bytes, dtype, &[outputs, inputs], &Device::Cpu)?;
        return plain_rows(&tensor, inputs);
    }
    let dtype = raw.dtype;
    let pooled = Pooled { weights: dtype.from_data(Cow::Owned(raw.bytes)), outputs, inputs };
    let exact: Option<Box<dyn Matrix>> = match dtype {
        GgmlDType::Q8_0 => Rows::<BlockQ8_0>::rebuild(&pooled)?.map(|rows| Box::new(rows) as _),
        GgmlDType::Q4_0 => Rows::<BlockQ4_0>::rebuild(&pooled)?.map(|rows| Box::new(rows) as _),
        _ => None,
    };
    Ok(exact.unwrap_or_else(|| Box::new(pooled)))
}

fn plain_rows(tensor: &Tensor, inputs: usize) -> Result<Box<dyn Matrix>> {
    let (storage, _) = tensor.storage_and_layout();
    Ok(match &*storage {
        Storage::Cpu(CpuStorage::F32(blocks)) => Box::new(Rows { blocks: blocks.clone(), inputs }),
        Storage::Cpu(CpuStorage::F16(blocks)) => Box::new(Rows { blocks: blocks.clone(), inputs }),
        Storage::Cpu(CpuStorage::BF16(blocks)) => Box::new(Rows { blocks: blocks.clone(), inputs }),
        _ => candle_core::bail!("a plain tensor is F32, F16 or BF16"),
    })
}

/// Weights whose blocks we hold, so that we choose the threads.
struct Rows<T> {
    blocks: Vec<T>,
    inputs: usize,
}

impl<T: GgmlType> Rows<T> {
    /// Quantizes the decoded weights again. `None` unless every number comes back the same, which holds for
    /// every file written the usual way (the largest number of a block is the largest step).
    fn rebuild(source: &Pooled) -> Result<Option<Self>> {
        let mut blocks = Vec::with_capacity(source.outputs * source.inputs / T::BLCK_SIZE);
        for start in (0..source.outputs).step_by(ROWS_PER_PIECE) {
            let end = source.outputs.min(start + ROWS_PER_PIECE);
            let numbers = source.rows(start as u32..end as u32)?;
            let mut piece = vec![T::zeros(); numbers.len() / T::BLCK_SIZE];
            T::from_float(&numbers, &mut piece);
            let mut again = vec![0.0; numbers.len()];
            T::to_float(&piece, &mut again);
            if again != numbers {
                return Ok(None);
            }
            blocks.append(&mut piece);
        }
        Ok(Some(Self { blocks, inputs: source.inputs }))
    }

    fn blocks_per_row(&self) -> usize {
        self.inputs / T::BLCK_SIZE
    }

    /// `input` in the form that the weights are multiplied with.
    fn prepare(&self, input: &[f32]) -> Vec<T::VecDotType> {
        let mut prepared = vec![T::VecDotType::zeros(); input.len() / T::VecDotType::BLCK_SIZE];
        T::VecDotType::from_float(input, &mut prepared);
        prepared
    }
}

impl<T: GgmlType> Matrix for Rows<T> {
    fn multiply(&self, input: &[f32], output: &mut [f32]) -> Result<()> {
        let prepared = self.prepare(input);
        let rows = input.len() / self.inputs;
        let outputs = self.blocks.len() / self.blocks_per_row();
        let row_blocks = prepared.len() / rows;
        let dot = |weights: &[T], row: usize| {
            T::vec_dot(self.inputs, weights, &prepared[row * row_blocks..(row + 1) * row_blocks])
        };
        let all_weights = self.blocks.chunks_exact(self.blocks_per_row());
        if rayon::current_num_threads() == 1 {
            for (o, weights) in all_weights.enumerate() {
                (0..rows).for_each(|r| output[r * outputs + o] = dot(weights, r));
            }
            return Ok(());
        }
        let mut columns = vec![0.0; output.len()];
        let pieces = self.blocks.par_chunks(self.blocks_per_row() * ROWS_PER_PIECE);
        columns.par_chunks_mut(rows * ROWS_PER_PIECE).zip(pieces).for_each(|(columns, weights)| {
            let each = columns.chunks_exact_mut(rows).zip(weights.chunks_exact(self.blocks_per_row()));
            each.for_each(|(column, w)| (0..rows).for_each(|r| column[r] = dot(w, r)));
        });
        for (o, column) in columns.chunks_exact(rows).enumerate() {
            (0..rows).for_each(|r| output[r * outputs + o] = column[r]);
        }
        Ok(())
    }

    fn row(&self, index: u32, output: &mut [f32]) -> Result<()> {
        let start = index as usize * self.blocks_per_row();
        T::to_float(&self.blocks[start..start + self.blocks_per_row()], output);
        Ok(())
    }
}

/// Weights that candle holds and multiplies.
struct Pooled {
    weights: Box<dyn QuantizedType>,
    outputs: usize,
    inputs: usize,
}

impl Pooled {
    fn rows(&self, ids: std::ops::Range<u32>) -> Result<Vec<f32>> {
        let ids: Vec<u32> = ids.collect();
        match self.weights.embedding(&ids, self.outputs, self.inputs)? {
            CpuStorage::F32(numbers) => Ok(numbers),
            _ => candle_core::bail!("decoded weights are F32"),
        }
    }
}

impl Matrix for Pooled {
    fn multiply(&self, input: &[f32], output: &mut [f32]) -> Result<()> {
        self.weights.matmul_t((input.len() / self.inputs, self.inputs, self.outputs), input, output)
    }

    fn row(&self, index: u32, output: &mut [f32]) -> Result<()> {
        output.copy_from_slice(&self.rows(index..index + 1)?);
        Ok(())
    }
}
