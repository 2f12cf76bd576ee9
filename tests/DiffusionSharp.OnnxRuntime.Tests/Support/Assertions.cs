using System.Runtime.InteropServices;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

internal static class Assertions
{
    public static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"Value {i} is {actual[i]:R}, expected {expected[i]:R} within {tolerance:R}.");
        }
    }

    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.Cast<float, int>(expected).SequenceEqual(MemoryMarshal.Cast<float, int>(actual)), "The bits differ.");

    /// <summary>An error message tells the reader each of these.</summary>
    public static void Says(this Exception exception, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }
}
