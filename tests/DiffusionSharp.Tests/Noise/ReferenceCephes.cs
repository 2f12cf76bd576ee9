namespace DiffusionSharp.Tests.Noise;

/// <summary>
/// The scalar, branching form of Cephes logf, sinf and cosf, every sum of a product fused; what one lane of <c>CephesMath</c> must compute.
/// </summary>
internal static class ReferenceCephes
{
    public static float Log(float x)
    {
        int exponent = (int)Math.Floor(Math.Log2(x)) + 1;
        float mantissa = (float)Math.ScaleB(x, -exponent);
        if (mantissa < 0.707106781186547524f)
        {
            exponent--;
            mantissa *= 2;
        }

        float f = mantissa - 1;
        float square = f * f;
        float p = Polynomial(
            f, 7.0376836292E-2f, -1.1514610310E-1f, 1.1676998740E-1f, -1.2420140846E-1f, 1.4249322787E-1f, -1.6668057665E-1f, 2.0000714765E-1f, -2.4999993993E-1f, 3.3333331174E-1f);
        p = MathF.FusedMultiplyAdd(p * f, square, exponent * -2.12194440E-4f);
        p -= 0.5f * square;
        return MathF.FusedMultiplyAdd(exponent, 0.693359375f, f + p);
    }

    public static float Sin(float x)
    {
        (int octant, float rest) = Reduce(x);
        float value = octant is 0 or 4 ? SinNearZero(rest) : CosNearZero(rest);
        return octant < 4 ? value : -value;
    }

    public static float Cos(float x)
    {
        (int octant, float rest) = Reduce(x);
        float value = octant is 0 or 4 ? CosNearZero(rest) : SinNearZero(rest);
        return octant is 0 or 6 ? value : -value;
    }

    // The even octant 0, 2, 4 or 6 nearest to x, and what is left of x, with pi/4 in three parts.
    private static (int Octant, float Remainder) Reduce(float x)
    {
        int octant = (int)(x * 1.27323954473516f);
        octant += octant % 2;
        float rest = MathF.FusedMultiplyAdd(octant, -0.78515625f, x);
        rest = MathF.FusedMultiplyAdd(octant, -2.4187564849853515625E-4f, rest);
        rest = MathF.FusedMultiplyAdd(octant, -3.77489497744594108E-8f, rest);
        return (octant % 8, rest);
    }

    private static float SinNearZero(float x)
    {
        float square = x * x;
        return MathF.FusedMultiplyAdd(Polynomial(square, -1.9515295891E-4f, 8.3321608736E-3f, -1.6666654611E-1f) * square, x, x);
    }

    private static float CosNearZero(float x)
    {
        float square = x * x;
        float p = Polynomial(square, 2.443315711809948E-5f, -1.388731625493765E-3f, 4.166664568298827E-2f);
        return MathF.FusedMultiplyAdd(p * square, square, -0.5f * square) + 1;
    }

    // Horner's scheme, the highest power's coefficient first.
    private static float Polynomial(float x, params ReadOnlySpan<float> coefficients)
    {
        float sum = 0;
        foreach (float coefficient in coefficients)
        {
            sum = MathF.FusedMultiplyAdd(sum, x, coefficient);
        }

        return sum;
    }
}
