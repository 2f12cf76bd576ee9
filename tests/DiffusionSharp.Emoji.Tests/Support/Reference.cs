using System.Numerics.Tensors;
using System.Text.Json;

namespace DiffusionSharp.Emoji.Tests.Support;

/// <summary>Emojis as Noto Color Emoji draws them; see Fixtures/README.md.</summary>
internal static class Reference
{
    private const int Side = 64;
    private const int PooledSide = 16;

    private static readonly Lazy<JsonElement> Root = new(() =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "emoji_references.json")));
        return document.RootElement.Clone();
    });

    private static readonly Lazy<Dictionary<string, float[]>> All = new(() => Root.Value.GetProperty("references_16x16_rgb").EnumerateObject()
        .ToDictionary(reference => reference.Name, reference => Array.ConvertAll(reference.Value.GetBytesFromBase64(), value => (float)value)));

    /// <summary>The red heart, [1, 3, 64, 64] in [-1, 1].</summary>
    public static Tensor<float> RedHeart()
    {
        byte[] rgb = Root.Value.GetProperty("picture_64x64_rgb").GetBytesFromBase64();
        var pixels = new float[rgb.Length];
        for (int i = 0; i < rgb.Length; i++)
        {
            pixels[(i % 3 * Side * Side) + (i / 3)] = (rgb[i] / 127.5f) - 1;
        }

        return Tensor.Create(pixels, [1, 3, Side, Side]);
    }

    /// <summary>All emojis, those nearest to some pictures on average first: Euclidean distance of 16x16 RGB values in [0, 255].</summary>
    public static (string Name, double Distance)[] ByDistance(IReadOnlyList<GeneratedImage> images) =>
    [
        .. All.Value.Select(reference => (reference.Key, images.Average(image => (double)TensorPrimitives.Distance<float>(reference.Value, Pool(image))))).OrderBy(pair => pair.Item2),
    ];

    private static float[] Pool(GeneratedImage image)
    {
        ReadOnlySpan<float> pixels = image.Pixels.Values();
        var pooled = new float[3 * PooledSide * PooledSide];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int colour, int inPlane) = Math.DivRem(i, Side * Side);
            int square = (inPlane / Side / 4 * PooledSide) + (inPlane % Side / 4);
            pooled[(square * 3) + colour] += ToByte(pixels[i]) / 16;
        }

        return pooled;
    }

    public static float ToByte(float pixel) => (Math.Clamp(pixel, -1, 1) + 1) * 127.5f;
}
