using System.Numerics.Tensors;
using System.Text.Json;

namespace DiffusionSharp.Emoji.Tests.Support;

/// <summary>Emojis as Noto Color Emoji draws them; see Fixtures/README.md.</summary>
internal static class Reference
{
    private const int Side = 128;
    private const int PooledSide = 16;

    private static readonly Lazy<JsonElement> Root = new(() =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "emoji_references.json")));
        return document.RootElement.Clone();
    });

    private static readonly Lazy<Dictionary<string, float[]>> All = new(() => Root.Value.GetProperty("references_16x16_rgb").EnumerateObject()
        .ToDictionary(reference => reference.Name, reference => Array.ConvertAll(reference.Value.GetBytesFromBase64(), value => (float)value)));

    /// <summary>The red heart, [1, 3, side, side] in [-1, 1]; the side is 128 or a divisor of it.</summary>
    public static Tensor<float> RedHeart(int side = Side)
    {
        byte[] rgb = Root.Value.GetProperty("picture_128x128_rgb").GetBytesFromBase64();
        int square = Side / side;
        var pixels = new float[3 * side * side];
        for (int i = 0; i < rgb.Length; i++)
        {
            (int y, int x) = Math.DivRem(i / 3, Side);
            pixels[(((i % 3 * side) + (y / square)) * side) + (x / square)] += rgb[i] / 127.5f / (square * square);
        }

        return Tensor.Create([.. pixels.Select(value => value - 1)], [1, 3, side, side]);
    }

    /// <summary>All emojis, those nearest to some pictures on average first: Euclidean distance of 16x16 RGB values in [0, 255].</summary>
    public static (string Name, double Distance)[] ByDistance(IReadOnlyList<GeneratedImage> images) =>
    [
        .. All.Value.Select(reference => (reference.Key, images.Average(image => (double)TensorPrimitives.Distance<float>(reference.Value, Pool(image))))).OrderBy(pair => pair.Item2),
    ];

    private static float[] Pool(GeneratedImage image)
    {
        ReadOnlySpan<float> pixels = image.Pixels.Values();
        int side = (int)image.Pixels.Lengths[^1];
        int square = side / PooledSide;
        var pooled = new float[3 * PooledSide * PooledSide];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int colour, int inPlane) = Math.DivRem(i, side * side);
            int place = (inPlane / side / square * PooledSide) + (inPlane % side / square);
            pooled[(place * 3) + colour] += ToByte(pixels[i]) / (square * square);
        }

        return pooled;
    }

    public static float ToByte(float pixel) => (Math.Clamp(pixel, -1, 1) + 1) * 127.5f;
}
