using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>How to resize.</summary>
public class ResizeOptions
{
    public ResizeMode Mode { get; set; } = ResizeMode.Crop;

    public AnchorPositionMode Position { get; set; } = AnchorPositionMode.Center;

    public Size Size { get; set; }

    public IResampler Sampler { get; set; } = KnownResamplers.Bicubic;

    /// <summary>What fills the rest in <see cref="ResizeMode.Pad"/>; by default nothing, a transparent black.</summary>
    public Color PadColor { get; set; }
}
