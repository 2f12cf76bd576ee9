using System.Numerics;

namespace SixLabors.ImageSharp.Processing.Processors;

internal static class Blend
{
    /// <summary>A color over another (Porter and Duff 1984), neither multiplied by its alpha.</summary>
    public static Vector4 Over(Vector4 backdrop, Vector4 source, float opacity)
    {
        float sourceAlpha = source.W * opacity;
        float backdropAlpha = backdrop.W * (1 - sourceAlpha);
        float alpha = sourceAlpha + backdropAlpha;
        if (alpha == 0)
        {
            return Vector4.Zero;
        }

        Vector3 color = ((source.AsVector3() * sourceAlpha) + (backdrop.AsVector3() * backdropAlpha)) / alpha;
        return new Vector4(color, alpha);
    }
}
