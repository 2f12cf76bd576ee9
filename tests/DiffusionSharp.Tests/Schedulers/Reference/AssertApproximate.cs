namespace DiffusionSharp.Tests.Schedulers.Reference;

internal static class AssertApproximate
{
    // A fused pass makes the same products and sums in another order and rounds its coefficients once more: up to four roundings
    // (of a coefficient, of its product and of two sums) where the reference counts one.
    private const double FusedRoundings = 4;

    public static void Equal(ReadOnlySpan<Approximate> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            double allowed = FusedRoundings * expected[i].Error;
            Assert.True(
                Math.Abs(expected[i].Value - actual[i]) <= allowed,
                $"Value {i} is {actual[i]:R}, but the reference says {expected[i].Value:R} ± {allowed:G3}.");
        }
    }
}
