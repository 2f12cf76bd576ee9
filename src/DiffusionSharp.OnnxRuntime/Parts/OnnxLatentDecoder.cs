using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The decoder of an autoencoder in an ONNX file: <c>latent_sample</c> to <c>sample</c>. Pictures are decoded one at a time, which keeps memory low.</summary>
public sealed class OnnxLatentDecoder : ILatentDecoder, IDisposable
{
    private readonly ImageModel _model;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="latentSpace">Its latent space; read from the <c>config.json</c> beside the file when null.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a latent decoder, or nothing says what its latent space is.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxLatentDecoder(string path, LatentSpace? latentSpace = null, OnnxOptions? options = null)
        : this(ModelSource.File(path), latentSpace ?? AutoencoderConfig.Beside(path), options, CancellationToken.None)
    {
    }

    /// <summary>Loads a model from memory; its weights must be inside.</summary>
    /// <param name="model">The bytes of an ONNX file, kept as long as the part where the model does not stay loaded.</param>
    /// <param name="latentSpace">Its latent space.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <param name="name">What to name in errors.</param>
    /// <inheritdoc cref="OnnxLatentDecoder(string, LatentSpace?, OnnxOptions?)"/>
    public OnnxLatentDecoder(byte[] model, LatentSpace latentSpace, OnnxOptions? options = null, string name = "latent decoder")
        : this(ModelSource.Bytes(model, name), latentSpace, options, CancellationToken.None)
    {
    }

    internal OnnxLatentDecoder(ModelSource source, LatentSpace latentSpace, OnnxOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(latentSpace);
        LatentSpace = latentSpace;
        _model = new ImageModel(source, ["latent_sample", "latents"], LatentSpace.Channels, ["sample", "image"], options, cancellationToken);
    }

    /// <inheritdoc/>
    public LatentSpace LatentSpace { get; }

    /// <inheritdoc/>
    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
    {
        LatentSpace.RequireChannels(latents, LatentSpace.Channels, nameof(latents));
        return _model.Run(latents, LatentSpace.Restore, cancellationToken);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _model.Dispose();
}
