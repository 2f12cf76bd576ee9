namespace DiffusionSharp.Latents;

/// <summary>How values between those that there are come about.</summary>
public enum Resampling
{
    /// <summary>The nearest one.</summary>
    Nearest,

    /// <summary>Linearly between the two nearest along each side.</summary>
    Bilinear,

    /// <summary>By a cubic through the four nearest along each side, a = -0.75 (Keys 1981); it may overshoot.</summary>
    Bicubic,
}
