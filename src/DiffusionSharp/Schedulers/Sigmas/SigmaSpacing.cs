namespace DiffusionSharp.Schedulers;

/// <summary>How noise levels σ are spread between the largest and the smallest.</summary>
public enum SigmaSpacing
{
    /// <summary>The training σ at the chosen timesteps.</summary>
    Default,

    /// <summary>Evenly in σ^(1/ρ), ρ = 7 (Karras et al. 2022, arXiv:2206.00364, eq. 5).</summary>
    Karras,

    /// <summary>Evenly in log σ.</summary>
    Exponential,

    /// <summary>By the quantiles of a Beta(0.6, 0.6) distribution (Lee et al. 2024, arXiv:2407.12173).</summary>
    Beta,

    /// <summary>Evenly in the log signal-to-noise ratio (Lu et al. 2022, arXiv:2206.00927, section 3.4).</summary>
    Lu,

    /// <summary>Evenly in arctan σ, which keeps the divergence of a step small for normal data (Sabour et al. 2024, arXiv:2404.14507, appendix).</summary>
    KlOptimal,

    /// <summary>By two arctangents over the number of the step, joined halfway between the ends (RES4LYF's <c>bong_tangent</c>): long at both ends, fast between.</summary>
    BongTangent,

    /// <summary>
    /// The levels that Sabour et al. 2024 (arXiv:2404.14507, Align Your Steps) found for Stable Diffusion 1.5 and 10 steps, spread evenly in log σ
    /// to other numbers of steps. Fixed numbers, whatever the ends of the noise schedule.
    /// </summary>
    AlignYourSteps,

    /// <summary>The same for SDXL.</summary>
    AlignYourStepsXl,

    /// <summary>The levels that GITS found for Stable Diffusion and each number of steps, of the coefficient 1.2; see <see cref="GitsSigmas"/>. Fixed numbers, too.</summary>
    Gits,

    /// <summary>
    /// By the quantiles of the logit-normal distribution of mean 0 and deviation 1, the density that SD3 was trained with (Esser et al. 2024,
    /// arXiv:2403.03206, eq. 19): most levels lie halfway, where flow matching is hardest.
    /// </summary>
    LogitNormal,
}
