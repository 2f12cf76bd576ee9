using System.Numerics.Tensors;
using DiffusionSharp.OnnxRuntime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>A model from one image-shaped tensor to another, run image by image.</summary>
internal sealed class ImageModel : IDisposable
{
    private readonly OnnxSession _session;
    private readonly OnnxTensorInfo _input;

    public ImageModel(ModelSource source, string[] inputNames, int? inputChannels, string[] outputNames, OnnxOptions? options, CancellationToken cancellationToken)
    {
        _session = OnnxSession.Load(source, options, cancellationToken);
        try
        {
            _input = _session.RequireInput(inputNames);
            OutputName = _session.RequireOutput(outputNames).Name;
            if (inputChannels is { } channels && InputChannels is { } found && found != channels)
            {
                throw new ModelFormatException(source.Name, $"the input '{_input.Name}' has {found} channels, but the latent space has {channels}.");
            }
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public string Path => _session.Path;

    public string OutputName { get; }

    public int? InputChannels => _input.Fixed(1);

    /// <summary>Height and width of the input; null where they are open.</summary>
    public int? InputSize => _input.Fixed(2);

    /// <summary>Runs every image of a batch, each prepared in the model's own buffer.</summary>
    public Tensor<float> Run(Tensor<float> batch, Prepare prepare, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> values = batch.Values();
        int count = (int)batch.Lengths[0];
        int length = values.Length / count;
        long[] shape = [1, batch.Lengths[1], batch.Lengths[2], batch.Lengths[3]];
        using var buffer = new ModelBuffer(_input, Path, shape);
        using SessionLease session = _session.Acquire(shape, cancellationToken);
        var outputs = new Tensor<float>[count];
        for (int i = 0; i < count; i++)
        {
            values.Slice(i * length, length).CopyTo(buffer.Floats);
            prepare(buffer.Floats);
            buffer.Upload();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run([_input.Name], [buffer.Value], [OutputName], cancellationToken);
            outputs[i] = ModelOutput.Read(results[0], Path, OutputName, 1);
        }

        return count == 1 ? outputs[0] : Tensor.Concatenate<float>(outputs);
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Changes an image before the model sees it.</summary>
    public delegate void Prepare(Span<float> image);
}
