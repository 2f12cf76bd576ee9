namespace DiffusionSharp.Latents;

/// <summary>How values between those that there are come about.</summary>
public enum Resampling
{
    /// <summary>The nearest one.</summary>
    Nearest,

    /// <summary>Linearly between the two nearest along each side.</summary>
    Bilinear,

    /// <summary>Linearly, with the corners of the old planes on those of the new ones: PyTorch's <c>align_corners</c>, as DeepFloyd IF enlarges.</summary>
    BilinearCorners,

    /// <summary>By a cubic through the four nearest along each side, a = -0.75 (Keys 1981); it may overshoot.</summary>
    Bicubic,

    /// <summary>By a cubic with a = -0.5, in which what lies beyond the edge does not count: PyTorch's <c>antialias</c>, as unCLIP enlarges.</summary>
    BicubicInside,
}
