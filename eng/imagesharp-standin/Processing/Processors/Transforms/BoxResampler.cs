namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>The mean of the pixels that a new pixel covers.</summary>
public readonly struct BoxResampler : IResampler
{
    public float Radius => .5f;

    public float GetValue(float x) => x is > -.5f and <= .5f ? 1 : 0;
}
