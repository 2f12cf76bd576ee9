using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// How pictures become the input of a CLIP image encoder: scaled until the shorter side fits, cut to the square in the middle, each channel
/// shifted and scaled. The numbers are those of a folder's <c>preprocessor_config.json</c>, or CLIP's own (Radford et al. 2021, arXiv:2103.00020).
/// </summary>
internal sealed record ClipPictures
{
    /// <summary>Colors of a picture.</summary>
    public const int Channels = 3;

    private const int LargestSide = 65_536;
    private const int Bicubic = 3;
    private const float HalfOfBytes = 127.5f;

    /// <summary>The side of the square.</summary>
    public required int Side { get; init; }

    /// <summary>What the shorter side becomes before the cut; at least <see cref="Side"/>.</summary>
    public required int ShorterSide { get; init; }

    /// <summary>The mean of each channel, of values in [0, 1].</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>The deviation of each channel.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>CLIP's own for a side.</summary>
    public static ClipPictures OfSide(int side) => new() { Side = side, ShorterSide = side };

    /// <summary>Reads a <c>preprocessor_config.json</c>.</summary>
    /// <exception cref="ModelFormatException">It asks for other steps, or its numbers make no sense.</exception>
    public static ClipPictures Read(ConfigFile config)
    {
        foreach (string step in (string[])["do_resize", "do_center_crop", "do_rescale", "do_normalize"])
        {
            if (config.Flag(step) == false)
            {
                throw new ModelFormatException(config.Path, $"the key '{step}' is false, but pictures are always scaled, cut and normalized.");
            }
        }

        if (config.WholeNumber("resample", 0, int.MaxValue) is { } resample and not Bicubic)
        {
            throw new ModelFormatException(config.Path, $"the key 'resample' is {resample}; known is {Bicubic}, bicubic.");
        }

        int shorter = SideOf(config, "size", "shortest_edge") ?? throw new ModelFormatException(config.Path, "the key 'size' is missing.");
        ClipPictures standard = OfSide(shorter);
        ClipPictures read = standard with
        {
            Side = SideOf(config, "crop_size", "height") ?? shorter,
            Mean = config.Numbers("image_mean") ?? standard.Mean,
            Deviation = config.Numbers("image_std") ?? standard.Deviation,
        };
        return read.Side <= shorter && read.Mean.Count == Channels && read.Deviation.Count == Channels && read.Deviation.All(deviation => deviation > 0)
            ? read
            : throw new ModelFormatException(config.Path, $"'crop_size' must be at most 'size', and 'image_mean' and 'image_std' must be three numbers each, positive ones for 'image_std'.");
    }

    /// <summary>The encoder's input for pictures.</summary>
    /// <param name="pictures"><c>[B, 3, H, W]</c> in [-1, 1].</param>
    /// <returns><c>[B, 3, Side, Side]</c>.</returns>
    public Tensor<float> Prepare(Tensor<float> pictures)
    {
        (int count, int height, int width) = ((int)pictures.Lengths[0], (int)pictures.Lengths[2], (int)pictures.Lengths[3]);
        ReadOnlySpan<float> values = pictures.Values();
        int square = Side * Side;
        bool fits = height == ShorterSide && width == ShorterSide && Side == ShorterSide;
        var input = new float[count * Channels * square];
        for (int i = 0; i < count * Channels; i++)
        {
            ReadOnlySpan<float> plane = values.Slice(i * height * width, height * width);
            Span<float> cut = input.AsSpan(i * square, square);
            if (fits)
            {
                // From [-1, 1] to [0, 1].
                TensorPrimitives.Add(plane, 1, cut);
                TensorPrimitives.Multiply(cut, 0.5f, cut);
            }
            else
            {
                Scale(plane, height, width, cut);
            }

            TensorPrimitives.Subtract(cut, (float)Mean[i % Channels], cut);
            TensorPrimitives.Divide(cut, (float)Deviation[i % Channels], cut);
        }

        return Tensor.Create(input, [count, Channels, Side, Side]);
    }

    // As transformers rounds: the longer side is cut to whole pixels, and so is where the square begins.
    private void Scale(ReadOnlySpan<float> plane, int height, int width, Span<float> square)
    {
        int longer = (int)((long)ShorterSide * Math.Max(width, height) / Math.Min(width, height));
        (int newWidth, int newHeight) = width <= height ? (ShorterSide, longer) : (longer, ShorterSide);
        (int left, int top) = ((newWidth - Side) / 2, (newHeight - Side) / 2);
        byte[] scaled = AntialiasedBicubic.Resize(ToBytes(plane), (width, height), (newWidth, newHeight));
        for (int i = 0; i < square.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, Side);
            square[i] = scaled[((top + y) * newWidth) + left + x] / 255f;
        }
    }

    private static byte[] ToBytes(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(MathF.Round((values[i] + 1) * HalfOfBytes), byte.MinValue, byte.MaxValue);
        }

        return bytes;
    }

    // A number, or an object that says which side it is.
    private static int? SideOf(ConfigFile config, string key, string name) => config.Find(key) switch
    {
        { ValueKind: JsonValueKind.Object } sides => sides.TryGetProperty(name, out JsonElement side) && side.TryGetInt32(out int pixels) && pixels is >= 1 and <= LargestSide
            ? pixels
            : throw new ModelFormatException(config.Path, $"the key '{key}' must have a '{name}' of 1 to {LargestSide}."),
        _ => config.WholeNumber(key, 1, LargestSide),
    };
}
