namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>
/// A number of a reference computation in double, and a bound on how far the same computation in float32 can be from it: the running
/// error analysis of Higham 2002, section 3.3, with one rounding per operation. So a tolerance follows from the numbers of each case.
/// </summary>
internal readonly record struct Approximate(double Value, double Error)
{
    /// <summary>Largest relative error of one float32 rounding, 2^-24.</summary>
    public const double Roundoff = 1.0 / (1 << 24);

    public static implicit operator Approximate(double exact) => new(exact, 0);

    public static Approximate operator +(Approximate a, Approximate b) => Rounded(a.Value + b.Value, a.Error + b.Error);

    public static Approximate operator -(Approximate a, Approximate b) => Rounded(a.Value - b.Value, a.Error + b.Error);

    public static Approximate operator *(Approximate a, Approximate b) =>
        Rounded(a.Value * b.Value, (Math.Abs(a.Value) * b.Error) + (Math.Abs(b.Value) * a.Error) + (a.Error * b.Error));

    public static Approximate operator /(Approximate a, Approximate b)
    {
        double quotient = a.Value / b.Value;
        return Rounded(quotient, (a.Error + (Math.Abs(quotient) * b.Error)) / (Math.Abs(b.Value) - b.Error));
    }

    public static Approximate Sqrt(Approximate a)
    {
        double root = Math.Sqrt(Math.Max(0, a.Value));
        return Rounded(root, a.Value <= 0 ? Math.Sqrt(a.Error) : root - Math.Sqrt(Math.Max(0, a.Value - a.Error)));
    }

    public static Approximate Log(Approximate a) => Rounded(Math.Log(a.Value), -Math.Log(1 - (a.Error / a.Value)));

    public static Approximate Exp(Approximate a) => Rounded(Math.Exp(a.Value), Math.Exp(a.Value) * (Math.Exp(a.Error) - 1));

    public static Approximate Max(Approximate a, Approximate b) => new(Math.Max(a.Value, b.Value), Math.Max(a.Error, b.Error));

    public static Approximate Min(Approximate a, Approximate b) => new(Math.Min(a.Value, b.Value), Math.Max(a.Error, b.Error));

    public static Approximate Clamp(Approximate a, Approximate range) =>
        new(Math.Clamp(a.Value, -range.Value, range.Value), Math.Max(a.Error, range.Error));

    private static Approximate Rounded(double value, double error) => new(value, error + (Roundoff * Math.Abs(value)));
}
