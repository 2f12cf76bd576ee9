namespace DiffusionSharp.Tests.Sampling;

/// <summary>x' = Scale·x + Shift + sqrt(Variance)·z with unit normal z: what a sampler makes of normal data, in one step or in all.</summary>
internal readonly record struct AffineMap(double Scale, double Shift, double Variance)
{
    public static AffineMap Identity => new(1, 0, 0);

    /// <summary>This map, then another with noise of its own.</summary>
    public AffineMap Then(AffineMap next) => new(next.Scale * Scale, (next.Scale * Shift) + next.Shift, (next.Scale * next.Scale * Variance) + next.Variance);

    public double Apply(double x) => (Scale * x) + Shift;

    /// <summary>The map through two points, for a function known to be affine.</summary>
    public static AffineMap Through(Func<double, double> affine, double variance) => new(affine(1) - affine(0), affine(0), variance);
}
