namespace DiffusionSharp.Schedulers;

/// <summary>The function B(h) that UniPC's coefficients are relative to (Zhao et al. 2023, arXiv:2302.04867, section 3.1).</summary>
public enum UniPcType
{
    /// <summary>B₁(h) = h: for unconditional sampling in few steps.</summary>
    Bh1,

    /// <summary>B₂(h) = e^h - 1.</summary>
    Bh2,
}
