//! The number formats of GGUF tensors: names, decoders, sizes.

use candle_core::quantized::GgmlDType;

/// Bytes of a tensor; `None` for a shape that cannot be.
pub(super) fn byte_len(dtype: GgmlDType, shape: &[usize]) -> Option<u64> {
    let elements = shape.iter().try_fold(1_usize, |product, side| product.checked_mul(*side))?;
    let columns = *shape.last()?;
    if elements == 0 || columns % dtype.block_size() != 0 {
        return None;
    }
    u64::try_from((elements / dtype.block_size()).checked_mul(dtype.type_size())?).ok()
}

/// The name of a number format of the file, and its decoder if there is one.
pub(super) fn number_format(kind: u32) -> (String, Option<GgmlDType>) {
    use GgmlDType as D;
    let (label, dtype) = match kind {
        0 => ("F32", Some(D::F32)),
        1 => ("F16", Some(D::F16)),
        2 => ("Q4_0", Some(D::Q4_0)),
        3 => ("Q4_1", Some(D::Q4_1)),
        6 => ("Q5_0", Some(D::Q5_0)),
        7 => ("Q5_1", Some(D::Q5_1)),
        8 => ("Q8_0", Some(D::Q8_0)),
        10 => ("Q2_K", Some(D::Q2K)),
        11 => ("Q3_K", Some(D::Q3K)),
        12 => ("Q4_K", Some(D::Q4K)),
        13 => ("Q5_K", Some(D::Q5K)),
        14 => ("Q6_K", Some(D::Q6K)),
        16 => ("IQ2_XXS", None),
        17 => ("IQ2_XS", None),
        18 => ("IQ3_XXS", None),
        19 => ("IQ1_S", None),
        20 => ("IQ4_NL", None),
        21 => ("IQ3_S", None),
        22 => ("IQ2_S", None),
        23 => ("IQ4_XS", None),
        29 => ("IQ1_M", None),
        30 => ("BF16", Some(D::BF16)),
        34 => ("TQ1_0", None),
        35 => ("TQ2_0", None),
        39 => ("MXFP4", None),
        other => return (format!("number {other}"), None),
    };
    (label.to_owned(), dtype)
}
