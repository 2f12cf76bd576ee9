using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// The generator of a generative adversarial network (Goodfellow et al. 2014, arXiv:1406.2661) in an ONNX file, for a pipeline without a noise predictor: noise
/// <c>latent_sample</c> or <c>z</c>, <c>[B, D, 1, 1]</c>, to pictures <c>sample</c> or <c>image</c>, <c>[B, 3, H, W]</c>, in one pass. What else the graph takes are
/// conditions, for example <c>class_labels</c> or <c>y</c>, <c>[B]</c>.
/// </summary>
public sealed class OnnxGenerator : ILatentDecoder, IDisposable
{
    private readonly OnnxSession _session;
    private readonly OnnxTensorInfo _noise;
    private readonly ConditionInput[] _conditions;
    private readonly string _output;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a generator, or it does not say how much noise it takes.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxGenerator(string path, OnnxOptions? options = null)
    {
        _session = OnnxSession.Load(ModelSource.File(path), options);
        try
        {
            _noise = _session.RequireInput("latent_sample", "z");
            _output = _session.RequireOutput("sample", "image").Name;
            _conditions = [.. _session.Inputs.Values.Where(input => input.Name != _noise.Name).Select(input => ConditionInput.Of(input, path))];
            LatentSpace = _noise is { Rank: 4 } && _noise.Fixed(1) is { } length && _noise.Fixed(2) == 1 && _noise.Fixed(3) == 1
                ? LatentSpace.Vectors(length)
                : throw new ModelFormatException(path, $"the input '{_noise.Name}' is {_noise.ShapeText}, expected [*, D, 1, 1] with a length D of the noise.");
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public LatentSpace LatentSpace { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The latents are not noise of this length, or a condition that the graph takes is missing or has another shape.</exception>
    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        LatentSpace.RequireChannels(latents, LatentSpace.Channels, nameof(latents));
        int rows = (int)latents.Lengths[0];
        Array.ForEach(_conditions, input => input.Check(context.Conditioning, rows, _session.Path));
        using SessionLease session = _session.Acquire(cancellationToken);
        var buffers = new List<ModelBuffer>();
        try
        {
            ModelBuffer noise = Add(_noise, [rows, LatentSpace.Channels, 1, 1]);
            latents.Values().CopyTo(noise.Floats);
            foreach (ConditionInput input in _conditions)
            {
                input.Write(context.Conditioning, 0, rows, Add(input.Tensor, input.Shape(context.Conditioning, rows)).Floats);
            }

            buffers.ForEach(buffer => buffer.Upload());
            string[] names = [_noise.Name, .. _conditions.Select(input => input.Tensor.Name)];
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(names, [.. buffers.Select(buffer => buffer.Value)], [_output], cancellationToken);
            return ModelOutput.Read(results[0], _session.Path, _output, rows);
        }
        finally
        {
            buffers.ForEach(buffer => buffer.Dispose());
        }

        ModelBuffer Add(OnnxTensorInfo input, long[] shape)
        {
            buffers.Add(new ModelBuffer(input, _session.Path, shape));
            return buffers[^1];
        }
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _session.Dispose();
}
