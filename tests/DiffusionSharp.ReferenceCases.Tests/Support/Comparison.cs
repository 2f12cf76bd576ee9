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
            double difference = Largest(Values(latents), Values(form?.Invoke(result.Latents) ?? result.Latents)) / Deviation(Values(latents));
            Assert.True(difference <= tolerance, $"The latents differ by {difference:G3} of their standard deviation, {tolerance} is allowed.");
        }

        if (images is not null)
        {
            float[] pictures = [.. result.Images.SelectMany(image => Values(image.Pixels)).Select(value => Math.Clamp((value + 1) / 2, 0, 1))];
            double difference = Largest(Values(images), pictures);
            Assert.True(difference <= Math.Max(LastBit, tolerance), $"The pictures differ by {difference * 255:G3} of 255.");
        }
    }

    /// <summary>Fails where numbers differ by more than is allowed, over the standard deviation of those that are expected.</summary>
    public static void Same(Tensor<float> expected, Tensor<float> found, double tolerance)
    {
        double difference = Largest(Values(expected), Values(found)) / Deviation(Values(expected));
        Assert.True(difference <= tolerance, $"The numbers differ by {difference:G3} of their standard deviation, {tolerance} is allowed.");
    }

    private static float[] Values(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    private static double Largest(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        return expected.Zip(found, (a, b) => double.IsNaN(b) ? double.PositiveInfinity : Math.Abs((double)a - b)).Max();
    }

    private static double Deviation(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
