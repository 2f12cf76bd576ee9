#!/usr/bin/env bash
# Makes every picture of README.md and docs/ again, into docs/images. Seeds are fixed, so only a change of code or model changes them;
# the times of schedulers.png, web-api.png and hosting.svg and the speeds of batching.png are those of the machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly root=$PWD
readonly images=$root/docs/images

sample() {
  local name=$1
  shift
  dotnet run -c Release --project "$root/samples/$name" -- "$@"
}

mkdir -p "$images"
sample ForwardNoise --schedule scaled_linear -o "$images/forward-noise.png"
sample Filmstrip fruit -o "$images/filmstrip.png"
sample CompareSchedulers --schedulers DDPM DDIM "DDIM eta 1" --steps 5 10 20 50 100 -o "$images/schedulers.png"
sample CompareSchedulers -o "$images/schedulers-all.jpg"
sample CompareGuidances -o "$images/guidances.jpg"
sample Convergence -o "$images/convergence.png" --as-used "$images/convergence-as-used.png"
sample ImageToImage "grinning face on a blue background" -o "$images/image-to-image.png"
sample Inpainting -o "$images/inpainting.png"
sample Inpainting --model "$root/companions/emoji-64" --inpainting-model "$root/companions/emoji-inpainting/unet/model.onnx" -o "$images/inpainting-model.png"
sample ClassifierGuidance --companions "$root/companions" -o "$images/classifier-guidance.png"
sample Gan --companions "$root/companions" -o "$images/gan.png"
sample Unclip --companions "$root/companions" -o "$images/unclip.png"
sample Imagen --companions "$root/companions" -o "$images/imagen.png"
sample ClassCascade --companions "$root/companions" -o "$images/class-cascade.png"
sample LatentDiffusion --companions "$root/companions" -o "$images/latent-diffusion.png"
sample LatentClasses --model "$root/companions/emoji-vq" -o "$images/latent-classes.jpg"
sample Panorama -o "$images/panorama.png" --tile "$images/seamless.png"
sample CustomPipeline -o "$images/custom-pipeline.png"
sample Farm demo -o "$images/farm.png"
sample Hosted -o "$images/hosting.svg"
# The studio in a browser; needs Chromium.
STUDIO_PICTURES=$images dotnet test -c Release "$root/tests/DiffusionSharp.Studio.Tests" --filter ScreenshotTests
dotnet run -c Release --project "$root/benchmarks/DiffusionSharp.Benchmarks" -- batching "$images/batching.png"

# The tables of docs/claims.md and their pictures are made by samples/Claims, which needs the emojis of training's work folder.

# Snippets write into the current folder, some of them also pictures that no page shows.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir companions
cp -r "$root/companions/emoji-64" "$root/companions/emoji-silhouette" companions/
sample Snippets upscale gallery hires-fix guidance-sweep latent-channels interpolation prediction noisy-and-clean seeds own-condition own-decoder extensions-ai server
mv apple-large.png gallery.png hires-fix.png guidance.png latent-channels.png interpolation.png prediction.png noisy-and-clean.png seeds.png silhouette.png discs.png extensions-ai.png web-api.png "$images/"
sample ControlledEdges --input "$images/gallery.png" --output "$images/gallery.png"
