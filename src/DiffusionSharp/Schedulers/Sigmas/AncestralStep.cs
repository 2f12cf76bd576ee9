namespace DiffusionSharp.Schedulers;

/// <summary>
/// How an ancestral step from σ to σ' is divided: deterministically down to <see cref="Down"/>, then up to σ' by fresh noise, so that
/// <c>Down² + Up² = σ'²</c> with <c>Up² = σ'²·(σ² - σ'²)/σ²</c> (arXiv:2011.13456, appendix F).
/// </summary>
/// <param name="Down">The noise level that the deterministic part leads to.</param>
/// <param name="Up">The standard deviation of the noise that is added.</param>
internal readonly record struct AncestralStep(double Down, double Up)
{
    /// <summary>The division of a step.</summary>
    public static AncestralStep Between(double from, double to)
    {
        // In float32 because the difference of squares cancels: with few steps from a large σ the rounding decides about Down.
        (float high, float low) = ((float)from, (float)to);
        float up = MathF.Sqrt(low * low * ((high * high) - (low * low)) / (high * high));
        float down = MathF.Sqrt((low * low) - (up * up));
        return float.IsNaN(down) ? new(Exact(from, to), up) : new(down, up);
    }

    /// <summary>The division of a step that adds only a share of the noise.</summary>
    /// <param name="from">σ.</param>
    /// <param name="to">σ'.</param>
    /// <param name="eta">η in [0, 1]: 0 for no noise, 1 for all of it.</param>
    public static AncestralStep Between(double from, double to, double eta)
    {
        if (eta == 0)
        {
            return new(to, 0);
        }

        AncestralStep whole = Between(from, to);
        double up = eta * whole.Up;
        return eta == 1 ? whole : new(Math.Sqrt((to * to) - (up * up)), up);
    }

    /// <summary>Down without cancellation: <c>σ'²/σ</c>.</summary>
    public static double Exact(double from, double to) => to * to / from;
}
