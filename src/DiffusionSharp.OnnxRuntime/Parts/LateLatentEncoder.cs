using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>A latent encoder that is loaded when a picture is encoded for the first time: most are drawn from a prompt alone.</summary>
/// <param name="space">Its latent space.</param>
/// <param name="open">Loads it; where that fails, the next picture tries again.</param>
internal sealed class LateLatentEncoder(LatentSpace space, Func<CancellationToken, ILatentEncoder> open) : ILatentEncoder, IDisposable
{
    private readonly Lock _lock = new();
    private ILatentEncoder? _encoder;
    private bool _disposed;

    public LatentSpace LatentSpace => space;

    public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default) =>
        Loaded(cancellationToken).Encode(image, noise, cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            (_encoder as IDisposable)?.Dispose();
        }
    }

    private ILatentEncoder Loaded(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _encoder ??= open(cancellationToken);
        }
    }
}
