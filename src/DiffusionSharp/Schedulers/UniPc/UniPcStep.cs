namespace DiffusionSharp.Schedulers;

/// <summary>
/// UniP and UniC as weights (arXiv:2302.04867, eq. 3 and 8 and their data-prediction forms): from s to t of size h,
/// <c>x_t = A·x_s - a·(e^u - 1)·m_s - a·B(u)·Σ ρ_k·(m_k - m_s)/r_k</c> with r_k = (λ_k - λ_s)/h and ρ from <c>R·ρ = b</c>,
/// <c>R_ij = r_j^(i-1)</c>, <c>b_i = i!·φ_{i+1}(u)/B(u)·u</c>; u = h or -h and a as in <see cref="ExponentialStep"/>.
/// </summary>
internal static class UniPcStep
{
    /// <summary>The predictor UniP, from the base to the next point; order - 1 steps of history are used.</summary>
    public static StepCoefficients Predict(in StepCoefficients step, UniPcOptions options, int order, ReadOnlySpan<LogSnrPoint> levels, int index)
    {
        ExponentialStep exact = Exact(options, levels[index], levels[index + 1]);
        Span<double> weights = stackalloc double[SolverOrderOptions.MaximumOrder];
        weights.Clear();
        if (exact.Size != 0)
        {
            Differences(exact, options.SolverType, levels, index, order - 1, corrects: false, weights);
        }

        return step with
        {
            FromBase = exact.FromSample,
            FromModel = exact.First - weights[0] - weights[1],
            FromHistory1 = weights[0],
            FromHistory2 = weights[1],
        };
    }

    /// <summary>The corrector UniC, from the base of the step before to the present point, where m is known by now; order steps of history are used.</summary>
    public static BaseCoefficients Correct(UniPcOptions options, int order, ReadOnlySpan<LogSnrPoint> levels, int index)
    {
        ExponentialStep exact = Exact(options, levels[index - 1], levels[index]);
        Span<double> weights = stackalloc double[SolverOrderOptions.MaximumOrder];
        weights.Clear();
        Differences(exact, options.SolverType, levels, index - 1, order, corrects: true, weights);
        double present = weights[order - 1];
        weights[order - 1] = 0;
        return new BaseCoefficients
        {
            FromBase = exact.FromSample,
            FromModel = present,
            FromHistory1 = exact.First - present - weights[0] - weights[1],
            FromHistory2 = weights[0],
            FromHistory3 = weights[1],
        };
    }

    private static ExponentialStep Exact(UniPcOptions options, LogSnrPoint from, LogSnrPoint to) =>
        options.PredictsNoise ? ExponentialStep.OfNoise(from, to) : ExponentialStep.OfData(from, to);

    // The weights of m_k - m_s: k is 1, 2, ... steps before the point s, and last the point t itself where that is known (r = 1).
    private static void Differences(in ExponentialStep exact, UniPcType type, ReadOnlySpan<LogSnrPoint> levels, int from, int count, bool corrects, Span<double> weights)
    {
        if (count == 0)
        {
            return;
        }

        Span<double> ratios = stackalloc double[count];
        for (int k = 0; k < count; k++)
        {
            ratios[k] = corrects && k == count - 1 ? 1 : (levels[from - k - 1].Lambda - levels[from].Lambda) / exact.Size;
        }

        double u = exact.Exponent;
        double scale = type == UniPcType.Bh1 ? u : ExponentialStep.Expm1(u);
        Span<double> rho = weights[..count];
        if (count == 1)
        {
            // Exact only as h goes to 0, but independent of it (the paper's remark on UniP-2 and UniC-1).
            rho[0] = 0.5;
        }
        else
        {
            double phi = (ExponentialStep.Expm1(u) / u) - 1;
            double factorial = 1;
            for (int i = 0; i < count; i++)
            {
                rho[i] = phi * factorial / scale;
                factorial *= i + 2;
                phi = (phi / u) - (1 / factorial);
            }

            SolveVandermonde(ratios, rho);
        }

        for (int k = 0; k < count; k++)
        {
            rho[k] *= -exact.Scale * scale / ratios[k];
        }
    }

    // Σ_j x_j^i·ρ_j = b_i, in place, after Björck and Pereyra (1970).
    private static void SolveVandermonde(ReadOnlySpan<double> x, Span<double> b)
    {
        int n = x.Length;
        for (int k = 0; k < n - 1; k++)
        {
            for (int i = n - 1; i > k; i--)
            {
                b[i] -= x[k] * b[i - 1];
            }
        }

        for (int k = n - 2; k >= 0; k--)
        {
            for (int i = k + 1; i < n; i++)
            {
                b[i] /= x[i] - x[i - k - 1];
            }

            for (int i = k; i < n - 1; i++)
            {
                b[i] -= b[i + 1];
            }
        }
    }
}
