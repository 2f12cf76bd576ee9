namespace DiffusionSharp.Schedulers;

/// <summary>Checks of values that several schedulers' options have in common. Each returns the value.</summary>
internal static class OptionValue
{
    /// <summary>A finite number above 0.</summary>
    public static double Positive(double value, string? name = null) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, name is null ? "Must be a positive number." : $"{name} must be a positive number.");

    /// <summary>η, a share of DDPM's noise.</summary>
    public static double Eta(double value) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "Eta must be in [0, 1].");
}
