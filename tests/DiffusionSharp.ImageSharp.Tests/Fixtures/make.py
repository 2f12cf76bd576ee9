# Makes the pictures beside this script with Pillow 9.4, piexif 1.1.3 and ExifTool 12.57: files as other tools write them.
from PIL import Image, PngImagePlugin
import piexif, piexif.helper, os
os.chdir(os.path.dirname(os.path.abspath(__file__)))
T="a red apple, café 語\nNegative prompt: blurry\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 42, Size: 8x8"
im=Image.new('RGB',(8,8),(200,30,30))
ex=piexif.dump({"Exif":{piexif.ExifIFD.UserComment: piexif.helper.UserComment.dump(T, encoding="unicode")}})
im.save('piexif.jpg',quality=90); piexif.insert(ex,'piexif.jpg')
im.save('piexif.webp',quality=90); piexif.insert(ex,'piexif.webp')
im.save('pillow.jpg',exif=ex); im.save('pillow.webp',exif=ex)
p=PngImagePlugin.PngInfo(); p.add_text('parameters',T); im.save('pillow-text.png',pnginfo=p)
p=PngImagePlugin.PngInfo(); p.add_itxt('parameters',T,zip=True); im.save('pillow-compressed.png',pnginfo=p)
im.save('pillow-comment.jpg',comment=T); im.save('pillow-comment.gif',comment=T)
im.save('exiftool-xmp.jpg'); im.save('exiftool-unicode.jpg'); im.save('exiftool-description.jpg')
import subprocess
et=lambda *a: subprocess.run(['exiftool','-q','-overwrite_original',*a],check=True)
et('-XMP-dc:Description='+T,'exiftool-xmp.jpg')
et('-ExifByteOrder=II','-UserComment='+T,'exiftool-unicode.jpg')
et('-ImageDescription='+T,'exiftool-description.jpg')
im.save('exiftool-xmp.png'); et('-XMP-dc:Description='+T,'exiftool-xmp.png')
fr=[Image.new('RGB',(16,12),c) for c in ((255,0,0),(0,255,0),(0,0,255))]
fr[0].save('animation.webp',save_all=True,append_images=fr[1:],duration=50,lossless=True)
fr[0].save('animation-lossy.webp',save_all=True,append_images=fr[1:],duration=50,quality=95)
fr[0].save('animation.gif',save_all=True,append_images=fr[1:],duration=50)
fr[0].save('animation.png',save_all=True,append_images=fr[1:],duration=50)
a=Image.new('RGBA',(16,12),(0,0,0,0)); a.paste((255,0,0,255),(4,4,12,10)); b=Image.new('RGBA',(16,12),(0,0,0,0)); b.paste((0,255,0,255),(0,0,12,10))
a.save('animation-placed.webp',save_all=True,append_images=[b],duration=50,lossless=True)
im=Image.new('RGB',(13,9)); im.putdata([(i*2%256,i*7%256,255-i) for i in range(117)]); im.save('progressive.jpg',progressive=True)
