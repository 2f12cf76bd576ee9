using System.Numerics.Tensors;
using DiffusionSharp.Configuration;
using DiffusionSharp.OnnxRuntime.Graphs;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// CLIP's encoder of pictures (Radford et al. 2021, arXiv:2103.00020) in an ONNX file: <c>pixel_values</c> to <c>image_embeds</c>, one vector, or to what the layer before the
/// last makes of the parts of a picture, a vector each, as the larger adapters of IP-Adapter (Plus) take it. How pictures are scaled and
/// normalized says <c>preprocessor_config.json</c>, beside the file or in a folder <c>feature_extractor</c> or <c>image_processor</c> beside the file's; without one it is as CLIP does.
/// </summary>
public sealed class OnnxImageEncoder : IDisposable
{
    private const int UsualSide = 224;

    private readonly ImageModel _model;
    private readonly ClipPictures _pictures;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <param name="givesStates">Whether it gives vectors of a picture's parts in place of one. A graph without outputs <c>hidden_states.i</c> is searched for the layer.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not an encoder of pictures, or its configuration asks for what is not known.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxImageEncoder(string path, OnnxOptions? options = null, bool givesStates = false)
        : this(ModelSource.File(path), options, givesStates, CancellationToken.None)
    {
    }

    internal OnnxImageEncoder(ModelSource source, OnnxOptions? options, bool givesStates, CancellationToken cancellationToken)
    {
        GivesStates = givesStates;
        source = givesStates ? source.Changed(EncoderLayers.WithPenultimate) : source;
        ConfigFile? config = Configs(source.Name).Select(ConfigFile.LoadIfPresent).FirstOrDefault(file => file is not null);
        ClipPictures? said = config is null ? null : ClipPictures.Read(config);
        _model = new ImageModel(source, ["pixel_values"], ClipPictures.Channels, [givesStates ? EncoderLayers.Penultimate : "image_embeds"], options, cancellationToken);
        _pictures = said ?? ClipPictures.OfSide(Size ?? UsualSide);
        if (Size is { } side && side != _pictures.Side)
        {
            _model.Dispose();
            throw new ModelFormatException(config!.Path, $"'crop_size' is {_pictures.Side}, but {source.Name} takes pictures of {side} pixels a side.");
        }
    }

    /// <summary>Width and height of the pictures that it reads; null where the graph leaves them open.</summary>
    public int? Size => _model.InputSize;

    /// <summary>Whether it gives vectors of a picture's parts.</summary>
    public bool GivesStates { get; }

    /// <summary>The embeddings of pictures.</summary>
    /// <param name="pictures"><c>[B, 3, H, W]</c> in [-1, 1]. They are scaled until the shorter side fits, and cut to the square in the middle; those of its size stay as they are.</param>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>A row for each picture, <c>[B, D]</c>, or with <see cref="GivesStates"/> <c>[B, S, D]</c>.</returns>
    /// <exception cref="ArgumentException">The tensor is not of pictures.</exception>
    public Tensor<float> Encode(Tensor<float> pictures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Rank != 4 || pictures.IsEmpty || pictures.Lengths[1] != ClipPictures.Channels)
        {
            throw new ArgumentException($"{_model.Path}: expected pictures of the shape [batch, {ClipPictures.Channels}, height, width], found {pictures.ShapeText()}.", nameof(pictures));
        }

        return _model.Run(_pictures.Prepare(pictures), static _ => { }, cancellationToken);
    }

    /// <summary>The embedding that stands for no picture: that of zeros behind the normalization, which are no black picture but a gray one.</summary>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>The embedding, <c>[1, D]</c>, or with <see cref="GivesStates"/> <c>[1, S, D]</c>.</returns>
    public Tensor<float> EncodeNothing(CancellationToken cancellationToken = default) =>
        _model.Run(Tensor.CreateFromShape<float>([1, ClipPictures.Channels, _pictures.Side, _pictures.Side]), static _ => { }, cancellationToken);

    /// <summary>Releases the model.</summary>
    public void Dispose() => _model.Dispose();

    private static string[] Configs(string modelPath)
    {
        const string Name = "preprocessor_config.json";
        string folder = Path.GetDirectoryName(modelPath) ?? "";
        return [Path.Combine(folder, Name), Path.Combine(folder, "..", "feature_extractor", Name), Path.Combine(folder, "..", "image_processor", Name)];
    }
}
