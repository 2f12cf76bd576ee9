namespace SixLabors.ImageSharp.Processing;

/// <summary>How to flip an image.</summary>
public enum FlipMode
{
    None,
    Horizontal,
    Vertical,
}
