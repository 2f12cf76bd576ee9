using DiffusionSharp.Prediction;

namespace DiffusionSharp.Latents;

/// <summary>
/// A latent space that rounds sizes up: sides of latents are multiples of the downsampling factor, so that those of pictures are multiples of its square, as in
/// Kandinsky 2.2, where a request for 100x70 pixels at a factor of 2 makes 100x72.
/// </summary>
public sealed record RoundedSpace : LatentSpace
{
    /// <summary>Makes the space of an autoencoder one that rounds.</summary>
    /// <param name="space">The autoencoder's space.</param>
    public RoundedSpace(LatentSpace space)
        : base(space)
    {
    }

    /// <inheritdoc/>
    public override int SizeMultiple => 1;

    /// <inheritdoc/>
    public override SampleShape ShapeOf(GenerationRequest request, int batch)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new SampleShape(batch, Channels, Up(request.Height!.Value), Up(request.Width!.Value));
    }

    private int Up(int pixels) => (int)Math.Ceiling((double)pixels / (DownsamplingFactor * DownsamplingFactor)) * DownsamplingFactor;
}
