using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiffusionSharp.Noise;

/// <summary>
/// Single-precision logarithm, sine and cosine of Moshier's Cephes library (logf, sinf, cosf; netlib.org/cephes), eight lanes at a time.
/// </summary>
/// <remarks>
/// Every multiplication that feeds an addition is fused, in the order in which PyTorch's AVX2 build rounds. Fused multiply-add
/// is exact by definition, so the results have the same bits on every CPU; replacing it by <c>MultiplyAddEstimate</c> would lose that.
/// </remarks>
internal static class CephesMath
{
    // the bits of the float32 nearest to sqrt(1/2)
    private const int SqrtHalfBits = 0x3F3504F3;

    private const float FourOverPi = 1.27323954473516f;

    /// <summary>Natural logarithm of positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        // x = 2^exponent · m with m in [sqrt(1/2), sqrt(2)), f = m - 1; all three are exact
        Vector256<int> bits = x.AsInt32();
        Vector256<int> whole = (bits - Vector256.Create(SqrtHalfBits)) >> 23;
        Vector256<float> exponent = Vector256.ConvertToSingle(whole);
        Vector256<float> f = (bits - (whole << 23)).AsSingle() - Vector256<float>.One;

        Vector256<float> square = f * f;
        Vector256<float> p = Vector256.Create(7.0376836292E-2f);
        p = Fma(p, f, -1.1514610310E-1f);
        p = Fma(p, f, 1.1676998740E-1f);
        p = Fma(p, f, -1.2420140846E-1f);
        p = Fma(p, f, 1.4249322787E-1f);
        p = Fma(p, f, -1.6668057665E-1f);
        p = Fma(p, f, 2.0000714765E-1f);
        p = Fma(p, f, -2.4999993993E-1f);
        p = Fma(p, f, 3.3333331174E-1f);

        // ln 2 = 0.693359375 - 2.12194440e-4, the first with few bits so that its product with the exponent is exact
        p = Vector256.FusedMultiplyAdd(p * f, square, exponent * -2.12194440E-4f);
        p = Vector256.FusedMultiplyAdd(square, Vector256.Create(-0.5f), p);
        return Vector256.FusedMultiplyAdd(exponent, Vector256.Create(0.693359375f), f + p);
    }

    /// <summary>Sine and cosine of angles in [0, 8192).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Sin, Vector256<float> Cos) SinCos(Vector256<float> x)
    {
        // the even octant nearest to x, so that what remains lies in [-pi/4, pi/4]
        Vector256<int> octant = Vector256.ConvertToInt32Native(x * FourOverPi);
        octant = (octant + Vector256<int>.One) & Vector256.Create(~1);
        Vector256<float> octants = Vector256.ConvertToSingle(octant);
        x = Vector256.FusedMultiplyAdd(octants, Vector256.Create(-0.78515625f), x);
        x = Vector256.FusedMultiplyAdd(octants, Vector256.Create(-2.4187564849853515625E-4f), x);
        x = Vector256.FusedMultiplyAdd(octants, Vector256.Create(-3.77489497744594108E-8f), x);
        Vector256<float> square = x * x;

        Vector256<float> even = Vector256.Create(2.443315711809948E-5f);
        even = Fma(even, square, -1.388731625493765E-3f);
        even = Fma(even, square, 4.166664568298827E-2f);
        even = Vector256.FusedMultiplyAdd(even * square, square, square * -0.5f) + Vector256<float>.One;

        Vector256<float> odd = Vector256.Create(-1.9515295891E-4f);
        odd = Fma(odd, square, 8.3321608736E-3f);
        odd = Fma(odd, square, -1.6666654611E-1f);
        odd = Vector256.FusedMultiplyAdd(odd * square, x, x);

        Vector256<float> swapped = Vector256.Equals(octant & Vector256.Create(2), Vector256.Create(2)).AsSingle();
        Vector256<float> sinSign = ((octant & Vector256.Create(4)) << 29).AsSingle();
        Vector256<float> cosSign = (((octant + Vector256.Create(2)) & Vector256.Create(4)) << 29).AsSingle();
        return (Vector256.ConditionalSelect(swapped, even, odd) ^ sinSign, Vector256.ConditionalSelect(swapped, odd, even) ^ cosSign);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fma(Vector256<float> left, Vector256<float> right, float addend) =>
        Vector256.FusedMultiplyAdd(left, right, Vector256.Create(addend));
}
