namespace DiffusionSharp.Tests.Text;

/// <summary>A test that compares with <see cref="string.Normalize()"/>; skipped where that does nothing (invariant globalization).</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PlatformNormalizationFactAttribute : FactAttribute
{
    public PlatformNormalizationFactAttribute()
    {
        if (!"e\u0301".Normalize().Equals("\u00E9", StringComparison.Ordinal))
        {
            Skip = "This platform does not normalize Unicode.";
        }
    }
}
