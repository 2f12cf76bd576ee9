using DiffusionSharp.Prediction;

namespace DiffusionSharp.Latents;

/// <summary>A space of vectors: samples are <c>[B, D, 1, 1]</c>, whatever size a request asks for.</summary>
public record VectorSpace : LatentSpace
{
    /// <summary>Creates the space; set <see cref="LatentSpace.Channels"/> to D.</summary>
    public VectorSpace() => DownsamplingFactor = 1;

    /// <inheritdoc/>
    public override int SizeMultiple => 1;

    /// <inheritdoc/>
    public override SampleShape ShapeOf(GenerationRequest request, int batch) => new(batch, Channels, 1, 1);
}
