using System.Numerics.Tensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>CLIP's encoder of pictures (Radford et al. 2021, arXiv:2103.00020) in an ONNX file: <c>pixel_values</c> to <c>image_embeds</c>.</summary>
public sealed class OnnxImageEncoder : IDisposable
{
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    private readonly ImageModel _model;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not an encoder of pictures.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxImageEncoder(string path, OnnxOptions? options = null) =>
        _model = new ImageModel(ModelSource.File(path), ["pixel_values"], Mean.Length, ["image_embeds"], options, CancellationToken.None);

    /// <summary>Width and height of the pictures that it reads; null where the graph leaves them open.</summary>
    public int? Size => _model.InputSize;

    /// <summary>The embeddings of pictures.</summary>
    /// <param name="pictures"><c>[B, 3, S, S]</c> in [-1, 1], S being the size that the model was trained at.</param>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>A row for each picture, <c>[B, D]</c>.</returns>
    /// <exception cref="ArgumentException">The pictures have another size.</exception>
    public Tensor<float> Encode(Tensor<float> pictures, CancellationToken cancellationToken = default)
    {
        Require(pictures);
        int plane = (int)(pictures.Lengths[2] * pictures.Lengths[3]);
        return _model.Run(pictures, Normalize, cancellationToken);

        // From [-1, 1] to [0, 1], then by CLIP's mean and deviation of each color.
        void Normalize(Span<float> picture)
        {
            for (int color = 0; color < Mean.Length; color++)
            {
                Span<float> values = picture.Slice(color * plane, plane);
                TensorPrimitives.Multiply(values, 0.5f / Deviation[color], values);
                TensorPrimitives.Add(values, (0.5f - Mean[color]) / Deviation[color], values);
            }
        }
    }

    /// <summary>The embedding that stands for no picture: that of zeros behind the normalization, which are no black picture but a gray one.</summary>
    /// <param name="size">Width and height, for graphs that leave them open.</param>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>The embedding, <c>[1, D]</c>.</returns>
    public Tensor<float> EncodeNothing(int? size = null, CancellationToken cancellationToken = default)
    {
        int side = Size ?? size ?? throw new ArgumentNullException(nameof(size), "The graph does not say how large pictures are.");
        return _model.Run(Tensor.CreateFromShape<float>([1, Mean.Length, side, side]), static _ => { }, cancellationToken);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _model.Dispose();

    private void Require(Tensor<float> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Rank != 4 || pictures.IsEmpty || pictures.Lengths[1] != Mean.Length || (Size is { } size && (pictures.Lengths[2] != size || pictures.Lengths[3] != size)))
        {
            throw new ArgumentException($"{_model.Path}: expected pictures of the shape [batch, 3, {Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "size"}, {Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "size"}], found {pictures.ShapeText()}.", nameof(pictures));
        }
    }
}
