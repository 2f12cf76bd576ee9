namespace DiffusionSharp.Samples;

/// <summary>One axis of a <see cref="LinePlot"/>.</summary>
/// <param name="Title">What it measures.</param>
/// <param name="Minimum">Its lower end, above 0 where it is logarithmic.</param>
/// <param name="Maximum">Its upper end.</param>
/// <param name="Ticks">Where there are lines; those outside are left out.</param>
internal sealed record PlotAxis(string Title, double Minimum, double Maximum, IReadOnlyList<double> Ticks)
{
    public bool IsLogarithmic { get; init; }

    /// <summary>The text beside a tick.</summary>
    public Func<double, string> Label { get; init; } = static tick => FormattableString.Invariant($"{tick:0.###}");

    /// <summary>Where a value is, from 0 at the lower end to 1 at the upper; what lies outside is at the end.</summary>
    public double Place(double value) => Math.Clamp((Scale(value) - Scale(Minimum)) / (Scale(Maximum) - Scale(Minimum)), 0, 1);

    private double Scale(double value) => IsLogarithmic ? Math.Log10(value) : value;
}
