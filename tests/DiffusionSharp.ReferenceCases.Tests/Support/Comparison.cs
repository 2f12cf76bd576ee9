using System.Numerics.Tensors;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Compares what comes out with what the genuine pipeline answered.</summary>
internal static class Comparison
{
    private const float LastBit = 1f / 255;

    /// <summary>Fails where latents or pictures differ by more than is allowed.</summary>
    /// <param name="reference">The case.</param>
    /// <param name="result">What our pipeline answered.</param>
    /// <param name="tolerance">What the latents may differ by, over their standard deviation; pictures in [0, 1] by as much, and by 1/255 at least.</param>
    /// <param name="form">Brings our latents into the form in which they are recorded; as they are where null.</param>
    public static void Same(Case reference, GenerationResult result, double tolerance, Func<Tensor<float>, Tensor<float>>? form = null)
    {
        Tensor<float>? latents = reference.Recorded("expected", "latents");
        Tensor<float>? images = reference.Recorded("expected", "image");
        Assert.True(latents is not null || images is not null, "The case records neither latents nor a picture.");
        if (latents is not null)
        {
            double difference = Numbers.RelativeDifference(Numbers.Of(latents), Numbers.Of(form?.Invoke(result.Latents) ?? result.Latents));
            Assert.True(difference <= tolerance, $"The latents differ by {difference:G3} of their standard deviation, {tolerance} is allowed.");
        }

        if (images is not null)
        {
            float[] pictures = [.. result.Images.SelectMany(image => Numbers.Of(image.Pixels)).Select(value => Math.Clamp((value + 1) / 2, 0, 1))];
            double difference = Numbers.LargestDifference(Numbers.Of(images), pictures);
            Assert.True(difference <= Math.Max(LastBit, tolerance), $"The pictures differ by {difference * 255:G3} of 255.");
        }
    }

    /// <summary>Fails where numbers differ by more than is allowed, over the standard deviation of those that are expected.</summary>
    public static void Same(Tensor<float> expected, Tensor<float> found, double tolerance)
    {
        double difference = Numbers.RelativeDifference(Numbers.Of(expected), Numbers.Of(found));
        Assert.True(difference <= tolerance, $"The numbers differ by {difference:G3} of their standard deviation, {tolerance} is allowed.");
    }
}
