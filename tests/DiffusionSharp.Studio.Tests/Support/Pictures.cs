using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Studio.Tests.Support;

/// <summary>Pictures that the page saves, and what the library makes of the same request.</summary>
internal static class Pictures
{
    public static Tensor<float> Pixels(byte[] file)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(file);
        return image.ToTensor();
    }

    public static async Task<byte[]> DrawAsync(this DiffusionPipeline pipeline, GenerationRequest request)
    {
        GenerationResult result = await pipeline.GenerateAsync(request);
        using var file = new MemoryStream();
        result.Images[0].SaveAsPng(file);
        return file.ToArray();
    }

    /// <summary>How many values differ in the left half and in the right one.</summary>
    public static (int Left, int Right) Differences(byte[] first, byte[] second)
    {
        (Tensor<float> a, Tensor<float> b) = (Pixels(first), Pixels(second));
        int width = (int)a.Lengths[3];
        (int left, int right) = (0, 0);
        for (int i = 0; i < a.FlattenedLength; i++)
        {
            int differs = a.Values()[i] != b.Values()[i] ? 1 : 0;
            (left, right) = i % width < width / 2 ? (left + differs, right) : (left, right + differs);
        }

        return (left, right);
    }
}
