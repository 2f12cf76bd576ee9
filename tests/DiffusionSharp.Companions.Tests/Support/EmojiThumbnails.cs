using System.IO.Compression;
using System.Numerics.Tensors;
using System.Text.Json;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>All emojis that training has, on white, 8x8 RGB; made by eng/fixtures/make_emoji_thumbnails.py.</summary>
internal static class EmojiThumbnails
{
    private const int Side = 8;

    private static readonly Lazy<Dictionary<string, float[]>> All = new(Read);

    public static int Count => All.Value.Count;

    /// <summary>The emoji that is nearest to a picture: Euclidean distance of 8x8 RGB values in [0, 255].</summary>
    public static string Nearest(GeneratedImage image)
    {
        float[] pooled = Pool(image);
        return All.Value.MinBy(emoji => TensorPrimitives.Distance<float>(emoji.Value, pooled)).Key;
    }

    private static Dictionary<string, float[]> Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "emoji_thumbnails.json.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var document = JsonDocument.Parse(unpacked);
        return document.RootElement.EnumerateObject().ToDictionary(emoji => emoji.Name, emoji => Array.ConvertAll(emoji.Value.GetBytesFromBase64(), value => (float)value));
    }

    private static float[] Pool(GeneratedImage image)
    {
        Tensor<float> small = Pictures.Shrink(image.Pixels, (int)image.Pixels.Lengths[^1] / Side);
        var pooled = new float[3 * Side * Side];
        for (int i = 0; i < pooled.Length; i++)
        {
            pooled[i] = Reference.ToByte(small[0, i % 3, i / 3 / Side, i / 3 % Side]);
        }

        return pooled;
    }
}
