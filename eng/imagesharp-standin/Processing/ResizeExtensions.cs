using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Resizing; a width or height of zero follows from the other.</summary>
public static class ResizeExtensions
{
    public static IImageProcessingContext Resize(this IImageProcessingContext source, Size size) =>
        source.Resize(size.Width, size.Height);

    public static IImageProcessingContext Resize(this IImageProcessingContext source, int width, int height) =>
        source.Resize(width, height, KnownResamplers.Bicubic);

    public static IImageProcessingContext Resize(this IImageProcessingContext source, int width, int height, IResampler sampler) =>
        source.Resize(new ResizeOptions { Size = new Size(width, height), Mode = ResizeMode.Stretch, Sampler = sampler });

    public static IImageProcessingContext Resize(this IImageProcessingContext source, ResizeOptions options) =>
        source.Apply(new ResizeOperation(options));
}
