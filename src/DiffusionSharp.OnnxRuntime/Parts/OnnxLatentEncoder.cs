using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// The encoder of an autoencoder in an ONNX file: <c>sample</c> to <c>latent_parameters</c> (mean and log-variance, of which a latent is
/// drawn) or, in older exports, to <c>latent_sample</c> (drawn inside the model, so not repeatable by seed).
/// </summary>
public sealed class OnnxLatentEncoder : ILatentEncoder, IDisposable
{
    // The range that the reference implementation allows log-variances.
    private const float LogVarianceMinimum = -30;
    private const float LogVarianceMaximum = 20;

    private readonly ImageModel _model;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="latentSpace">Its latent space; read from the <c>config.json</c> beside the file when null.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a latent encoder, or nothing says what its latent space is.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxLatentEncoder(string path, LatentSpace? latentSpace = null, OnnxOptions? options = null)
        : this(ModelSource.File(path), latentSpace ?? AutoencoderConfig.Beside(path), options, CancellationToken.None)
    {
    }

    /// <summary>Loads a model from memory; its weights must be inside.</summary>
    /// <param name="model">The bytes of an ONNX file, kept as long as the part where the model does not stay loaded.</param>
    /// <param name="latentSpace">Its latent space.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <param name="name">What to name in errors.</param>
    /// <inheritdoc cref="OnnxLatentEncoder(string, LatentSpace?, OnnxOptions?)"/>
    public OnnxLatentEncoder(byte[] model, LatentSpace latentSpace, OnnxOptions? options = null, string name = "latent encoder")
        : this(ModelSource.Bytes(model, name), latentSpace, options, CancellationToken.None)
    {
    }

    internal OnnxLatentEncoder(ModelSource source, LatentSpace latentSpace, OnnxOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(latentSpace);
        LatentSpace = latentSpace;
        _model = new ImageModel(source, ["sample"], null, ["latent_parameters", "latent_sample"], options, cancellationToken);
    }

    /// <inheritdoc/>
    public LatentSpace LatentSpace { get; }

    /// <inheritdoc/>
    public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(image);
        LatentSpace.RequireChannels(image, _model.InputChannels ?? 3, nameof(image));
        if (image.Lengths[0] != 1 || image.Lengths[2] % LatentSpace.DownsamplingFactor != 0 || image.Lengths[3] % LatentSpace.DownsamplingFactor != 0)
        {
            throw new ArgumentException($"Expected one picture whose sides are multiples of {LatentSpace.DownsamplingFactor}, found {image.ShapeText()}.", nameof(image));
        }

        Tensor<float> output = _model.Run(image, static _ => { }, cancellationToken);
        int channels = _model.OutputName == "latent_parameters" ? 2 * LatentSpace.Channels : LatentSpace.Channels;
        if (output.Lengths[1] != channels)
        {
            throw new ModelFormatException(_model.Path, $"the output '{_model.OutputName}' has {output.Lengths[1]} channels, expected {channels} for a latent space of {LatentSpace.Channels}.");
        }

        float[] latent = output.Values().ToArray();
        if (_model.OutputName == "latent_parameters")
        {
            latent = Draw(latent, noise);
        }

        LatentSpace.Normalize(latent);
        return Tensor.Create(latent, [1, LatentSpace.Channels, output.Lengths[2], output.Lengths[3]]);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _model.Dispose();

    // z = mean + exp(logvar/2)·noise.
    private static float[] Draw(ReadOnlySpan<float> parameters, INoiseSource noise)
    {
        int length = parameters.Length / 2;
        var deviation = new float[length];
        TensorPrimitives.Clamp(parameters[length..], LogVarianceMinimum, LogVarianceMaximum, deviation);
        TensorPrimitives.Multiply(deviation, 0.5f, deviation);
        TensorPrimitives.Exp(deviation, deviation);

        var latent = new float[length];
        noise.Fill(latent);
        TensorPrimitives.MultiplyAdd(latent, deviation, parameters[..length], latent);
        return latent;
    }
}
