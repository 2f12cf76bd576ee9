namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>
/// A number of a reference computation in double, and a bound on how far the same computation in float32 can be from it: the running
/// error analysis of Higham 2002, section 3.3, with one rounding per operation. So a tolerance follows from the numbers of each case.
/// </summary>
internal readonly record struct Approximate(double Value, double Error)
{
    /// <summary>Largest relative error of one float32 rounding, 2^-24.</summary>
    public const double Roundoff = 1.0 / (1 << 24);

    // Of a quotient whose divisor may be 0: large, but not so large that a product with it is no number.
    private const double Unbounded = 1e100;

    private double Low => Value - Error;

    private double High => Value + Error;

    public static implicit operator Approximate(double exact) => new(exact, 0);

    public static Approximate operator +(Approximate a, Approximate b) => Rounded(a.Value + b.Value, a.Error + b.Error);

    public static Approximate operator -(Approximate a, Approximate b) => Rounded(a.Value - b.Value, a.Error + b.Error);

    public static Approximate operator *(Approximate a, Approximate b) =>
        Rounded(a.Value * b.Value, (Math.Abs(a.Value) * b.Error) + (Math.Abs(b.Value) * a.Error) + (a.Error * b.Error));

    public static Approximate operator /(Approximate a, Approximate b)
    {
        double quotient = a.Value / b.Value;
        double least = Math.Abs(b.Value) - b.Error;
        return Rounded(quotient, least > 0 ? (a.Error + (Math.Abs(quotient) * b.Error)) / least : Unbounded);
    }

    public static Approximate Sqrt(Approximate a)
    {
        double root = Math.Sqrt(Math.Max(0, a.Value));
        return Rounded(root, a.Value <= 0 ? Math.Sqrt(a.Error) : root - Math.Sqrt(Math.Max(0, a.Value - a.Error)));
    }

    public static Approximate Log(Approximate a) => Rounded(Math.Log(a.Value), -Math.Log(1 - (a.Error / a.Value)));

    public static Approximate Exp(Approximate a) => Rounded(Math.Exp(a.Value), Math.Exp(a.Value) * (Math.Exp(a.Error) - 1));

    public static Approximate Max(Approximate a, Approximate b) =>
        Between(Math.Max(a.Low, b.Low), Math.Max(a.Value, b.Value), Math.Max(a.High, b.High));

    public static Approximate Min(Approximate a, Approximate b) =>
        Between(Math.Min(a.Low, b.Low), Math.Min(a.Value, b.Value), Math.Min(a.High, b.High));

    public static Approximate Clamp(Approximate a, Approximate range) => Max(Min(a, range), new(-range.Value, range.Error));

    private static Approximate Between(double low, double value, double high) => new(value, Math.Max(value - low, high - value));

    private static Approximate Rounded(double value, double error) => new(value, error + (Roundoff * Math.Abs(value)));
}
