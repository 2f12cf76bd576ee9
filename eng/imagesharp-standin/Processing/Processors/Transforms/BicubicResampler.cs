namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>Cubic convolution with a = -0.5 (Keys 1981).</summary>
public readonly struct BicubicResampler : IResampler
{
    private const float A = -.5f;

    public float Radius => 2;

    public float GetValue(float x)
    {
        x = MathF.Abs(x);
        return x switch
        {
            <= 1 => ((((A + 2) * x) - (A + 3)) * x * x) + 1,
            < 2 => ((((((x - 5) * x) + 8) * x) - 4) * A),
            _ => 0,
        };
    }
}
