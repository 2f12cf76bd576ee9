namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Stable Diffusion 1.x and 2.x, with 14 schedulers and random options of theirs.</summary>
public sealed class StableDiffusionTests
{
    [CaseTheory("sd1")]
    [CaseRequests("sd1")]
    [CaseRequests("sd1", "ddim", "ddim_batch2_neg", Tolerance = 1e-3)]
    [CaseRequests("sd1", "sweep_heundiscrete_3", Tolerance = 1e-2)]
    [CaseRequests("sd1", "one_generator_batch2", Skip = "One generator draws for two pictures there; here each picture has its own.")]
    [CaseRequests("sd1", "pndm_odd_72x40", Skip = "A side that the UNet cannot halve as often as it does is refused here.")]
    [CaseRequests("sd1", "sweepinp_ddpm_2", Skip = "Trailing timesteps of 15 steps as diffusers 0.31 rounds them; ddpm_trailing15_head has those of later versions.")]
    [CaseRequests("sd1", "inp4_eulera_75_alone7_nodraw", Skip = "Asks for no draw of the masked picture, which diffusers 0.31 has.")]
    [CaseRequests("sd1", "sweepinp_pndm_2", Skip = "Image-to-image begins here at a whole Runge-Kutta step; the genuine one begins inside of one and spoils the picture.")]
    public void Version1(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sd1inpaint")]
    [CaseRequests("sd1inpaint")]
    public void Version1Inpainting(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sd1openaiclip")]
    [CaseRequests("sd1openaiclip")]
    public void WithTheVocabularyOfOpenAi(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sd1legacyonnx")]
    [CaseRequests("sd1legacyonnx")]
    public void ExportsOfOld(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sd2")]
    [CaseRequests("sd2")]
    public void Version2(string model, string name, double tolerance) => Same(model, name, tolerance);

    private static void Same(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Generate(reference), tolerance);
    }
}
