namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>A sinc, windowed by a wider one.</summary>
public readonly struct LanczosResampler : IResampler
{
    internal LanczosResampler(float radius) => Radius = radius;

    public float Radius { get; }

    public float GetValue(float x) => MathF.Abs(x) < Radius ? Sinc(x) * Sinc(x / Radius) : 0;

    private static float Sinc(float x) => MathF.Abs(x) < 1e-5f ? 1 : MathF.Sin(MathF.PI * x) / (MathF.PI * x);
}
