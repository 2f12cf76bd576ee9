namespace DiffusionSharp.Schedulers;

/// <summary>
/// One step of size h = λ_t - λ_s of the SDE with a constant τ (arXiv:2309.05019, proposition 4.2 and its noise-prediction form):
/// <c>x_t = FromSample·x_s + Σ w_k·m_k + NoiseScale·z</c>. With c = 1 + τ² and a = c·α_t for x_0, c = -1 and a = -(1+τ²)·σ_t for ε, the
/// weights are <c>w_k = a·∫ e^(c·(v-h))·L_k(v) dv</c> over v = λ - λ_s from 0 to h, L_k being the Lagrange polynomials through the points
/// that m is known at (eq. 14 and 17).
/// </summary>
internal readonly record struct SaSolverStep
{
    private const int SeriesTerms = 24;

    private readonly double _exponent;
    private readonly double _scale;
    private readonly bool _predictsNoise;

    public SaSolverStep(LogSnrPoint from, LogSnrPoint to, double tau, bool predictsNoise)
    {
        _predictsNoise = predictsNoise;
        Size = to.Lambda - from.Lambda;
        double square = tau * tau;

        // A last step to the smallest noise level may be a rounding error long, in either direction.
        if (predictsNoise)
        {
            (_exponent, _scale) = (-1, -(1 + square) * to.Sigma);
            FromSample = to.Alpha / from.Alpha;
            NoiseScale = tau * to.Sigma * Math.Sqrt(Math.Max(0, ExponentialStep.Expm1(2 * Size)));
        }
        else
        {
            (_exponent, _scale) = (1 + square, (1 + square) * to.Alpha);
            FromSample = Math.Exp(-square * Size) * to.Sigma / from.Sigma;
            NoiseScale = to.Sigma * Math.Sqrt(Math.Max(0, -ExponentialStep.Expm1(-2 * square * Size)));
        }
    }

    /// <summary>h.</summary>
    public double Size { get; }

    /// <summary>Weight of x_s.</summary>
    public double FromSample { get; }

    /// <summary>Weight of unit noise.</summary>
    public double NoiseScale { get; }

    /// <summary>The weights w_k.</summary>
    /// <param name="points">λ - λ_s where each m is known, at most four, all different.</param>
    /// <param name="weights">Receives the weights, as many.</param>
    public void Weigh(ReadOnlySpan<double> points, Span<double> weights)
    {
        Span<double> moments = stackalloc double[SaSolverOptions.MaximumOrder];
        for (int j = 0; j < points.Length; j++)
        {
            moments[j] = Moment(j);
        }

        if (points.Length == 2 && !_predictsNoise)
        {
            // Exact only as h goes to 0, but better for few steps: the reference implementation's choice for second order.
            moments[1] = Size * Size / 2;
        }

        Span<double> polynomial = stackalloc double[SaSolverOptions.MaximumOrder];
        for (int k = 0; k < points.Length; k++)
        {
            Lagrange(points, k, polynomial);
            weights[k] = 0;
            for (int j = 0; j < points.Length; j++)
            {
                weights[k] += _scale * polynomial[j] * moments[j];
            }
        }
    }

    // The coefficients of L_k, lowest power first.
    private static void Lagrange(ReadOnlySpan<double> points, int k, Span<double> polynomial)
    {
        polynomial.Clear();
        polynomial[0] = 1;
        for (int i = 0, degree = 0; i < points.Length; i++)
        {
            if (i == k)
            {
                continue;
            }

            degree++;
            double divisor = points[k] - points[i];
            for (int j = degree; j > 0; j--)
            {
                polynomial[j] = (polynomial[j - 1] - (points[i] * polynomial[j])) / divisor;
            }

            polynomial[0] *= -points[i] / divisor;
        }
    }

    // ∫ e^(c·(v-h))·v^j dv from 0 to h; in parts, or where that would cancel, as the series h^(j+1)·Σ (-c·h)^n·j!/(n+j+1)!.
    private double Moment(int power)
    {
        double argument = -_exponent * Size;
        if (Math.Abs(argument) > 1)
        {
            double integral = -ExponentialStep.Expm1(argument) / _exponent;
            for (int j = 1; j <= power; j++)
            {
                integral = (Math.Pow(Size, j) - (j * integral)) / _exponent;
            }

            return integral;
        }

        double term = 1.0 / (power + 1);
        double sum = 0;
        for (int n = 0; n < SeriesTerms; n++)
        {
            sum += term;
            term *= argument / (n + power + 2);
        }

        return Math.Pow(Size, power + 1) * sum;
    }
}
