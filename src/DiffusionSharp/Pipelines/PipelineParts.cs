using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>The parts of a pipeline, released once the owner is disposed and the last running generation has ended.</summary>
internal sealed class PipelineParts
{
    private readonly Lock _lock = new();
    private int _running;
    private bool _closed;

    public ITextEncoder? TextEncoder { get; init; }

    public required INoisePredictor NoisePredictor { get; init; }

    public required ILatentDecoder LatentDecoder { get; init; }

    public ILatentEncoder? LatentEncoder { get; init; }

    public required IGuidance Guidance { get; init; }

    public required Func<long, INoiseSource> CreateNoise { get; init; }

    /// <summary>Whether the noise predictor takes <see cref="InpaintingChannels"/>.</summary>
    public required bool IsInpaintingModel { get; init; }

    public required bool Owned { get; init; }

    public ILatentEncoder RequireLatentEncoder() => LatentEncoder
        ?? throw new InvalidOperationException($"This pipeline has no latent encoder, so it cannot start from a picture: add one with {nameof(DiffusionPipelineBuilder.UseLatentEncoder)}.");

    /// <summary>The values of a picture's latents, of which each picture of a generation may have others.</summary>
    public ReadOnlySpan<float> Encode(Tensor<float> image, SampleShape shape, INoiseSource noise, CancellationToken cancellationToken)
    {
        Tensor<float> latent = Finite.Require(RequireLatentEncoder().Encode(image, noise, cancellationToken), Finite.LatentEncoder);
        return latent.FlattenedLength == shape.ImageLength
            ? latent.Values()
            : throw new InvalidOperationException($"The latent encoder returned the shape {latent.ShapeText()} for this picture, but its latent space says {shape.WithBatch(1)}.");
    }

    /// <summary>A generation begins. It ends when what is returned is disposed, once; until then the parts are not released.</summary>
    public Lease Begin()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(DiffusionPipeline));
            _running++;
        }

        return new Lease(this);
    }

    /// <summary>No further generation may begin.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                ReleaseWhenIdle();
            }
        }
    }

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed), typeof(DiffusionPipeline));

    private void End()
    {
        lock (_lock)
        {
            _running--;
            ReleaseWhenIdle();
        }
    }

    private void ReleaseWhenIdle()
    {
        if (!_closed || _running != 0 || !Owned)
        {
            return;
        }

        // A set, because one part may play two roles, as an autoencoder does.
        foreach (object? part in new HashSet<object?>(ReferenceEqualityComparer.Instance) { TextEncoder, NoisePredictor, LatentDecoder, LatentEncoder, Guidance })
        {
            (part as IDisposable)?.Dispose();
        }
    }

    /// <summary>A running generation's hold on the parts.</summary>
    public readonly struct Lease(PipelineParts parts) : IDisposable
    {
        public void Dispose() => parts.End();
    }
}
