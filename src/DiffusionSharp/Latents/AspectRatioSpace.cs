using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Latents;

/// <summary>
/// A latent space whose samples have one of the shapes that a model was trained at, all of about the same area: that of the nearest aspect ratio, unless a request
/// says otherwise by <see cref="ResolutionBinning"/> (PixArt, Chen et al. 2023, arXiv:2310.00426). <see cref="CroppingDecoder"/> brings pictures to the request's size.
/// </summary>
public sealed record AspectRatioSpace : LatentSpace
{
    // Shapes are counted in sixteenths of the square's side.
    private const int Units = 16;
    private const int SideOfLarge = 2048;

    private static readonly (int Height, int Width)[] Shapes =
    [
        (8, 32), (8, 29), (9, 28), (9, 27), (9, 26), (10, 25), (10, 24), (11, 23), (11, 22), (11, 21), (12, 21), (12, 20), (13, 19), (13, 18), (14, 18), (14, 17), (15, 17),
        (15, 16), (16, 16), (16, 15), (17, 15), (17, 14), (18, 14), (18, 13), (19, 13), (20, 12), (21, 12), (22, 11), (23, 11), (24, 10), (25, 10), (27, 9), (32, 8),
    ];

    // What a model of 2048 pixels knows besides.
    private static readonly (int Height, int Width)[] ShapesOfLarge = [(8, 31), (8, 30), (26, 9), (28, 9), (29, 8), (30, 8), (31, 8)];

    private readonly int _side;

    /// <summary>Creates the space.</summary>
    /// <param name="latents">The autoencoder's.</param>
    /// <param name="side">Side of the square that the model was trained at, in pixels, a multiple of 16 latents: 256, 512, 1024 or 2048.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="side"/> is no such multiple.</exception>
    public AspectRatioSpace(LatentSpace latents, int side)
        : base(latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        _side = side > 0 && side % (Units * latents.DownsamplingFactor) == 0
            ? side
            : throw new ArgumentOutOfRangeException(nameof(side), side, $"The side must be a multiple of {Units * latents.DownsamplingFactor} pixels.");
    }

    /// <summary>1: the sample has a size of its own. Without it, <see cref="ShapeOf"/> refuses sizes that do not fit.</summary>
    public override int SizeMultiple => 1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The request is for its own size, which is no multiple of the downsampling factor.</exception>
    public override SampleShape ShapeOf(GenerationRequest request, int batch)
    {
        ArgumentNullException.ThrowIfNull(request);
        (int height, int width) = (request.Height!.Value, request.Width!.Value);
        if (request.Part<ResolutionBinning>()?.IsOn == false)
        {
            return height % DownsamplingFactor == 0 && width % DownsamplingFactor == 0
                ? base.ShapeOf(request, batch)
                : throw new ArgumentOutOfRangeException(nameof(request), $"{width} x {height}", $"Without {nameof(ResolutionBinning)} width and height must be multiples of {DownsamplingFactor} pixels.");
        }

        (height, width) = Nearest((double)height / width);
        int latents = _side / Units / DownsamplingFactor;
        return new SampleShape(batch, Channels, height * latents, width * latents);
    }

    // Ratios are compared in hundredths, as the lists of the published models name them; of equally near ones the flatter one counts.
    private (int Height, int Width) Nearest(double ratio) => (_side == SideOfLarge ? Shapes.Concat(ShapesOfLarge) : Shapes)
        .Select(shape => (Shape: shape, Ratio: Math.Round((double)shape.Height / shape.Width, 2)))
        .OrderBy(candidate => candidate.Ratio)
        .MinBy(candidate => Math.Abs(candidate.Ratio - ratio)).Shape;
}
